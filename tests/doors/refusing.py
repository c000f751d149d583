"""Which operation can refuse with which code, read from the source of the activities.

A refusal counts for an operation when its own body, or anything it calls, names it.
"""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MODULES = {
    path.stem: path
    for path in (
        ROOT / "curriculum" / "answers.py",
        ROOT / "curriculum" / "importing.py",
        ROOT / "curriculum" / "publishing.py",
        ROOT / "curriculum" / "unpacking.py",
        *(
            ROOT / "clients" / f"{name}.py"
            for name in (
                "agreeing",
                "assessing",
                "crossing",
                "entrusting",
                "evidencing",
                "issuing",
                "planning",
                "submitting",
                "joining",
                "inviting",
                "pausing",
                "stopping",
                "closing",
                "moving",
                "holding",
                "excusing",
                "extending",
                "opening",
                "practising",
                "choosing",
                "listening",
                "transcribing",
                "shelving",
                "transferring",
                "uploading",
            )
        ),
        *(
            ROOT / "coaching" / f"{name}.py"
            for name in (
                "reviewing",
                "banking",
                "bringing",
                "voicing",
                "assigning",
                "attending",
                "calibrating",
                "deciding",
                "exporting",
                "focusing",
                "following",
                "graduating",
                "calling",
                "convening",
                "handing",
                "heeding",
                "inspecting",
                "conversing",
                "noting",
                "rating",
                "snapshotting",
                "releasing",
                "sponsoring",
                "replying",
                "talking",
                "pairing",
                "pulsing",
                "subscribing",
                "substituting",
                "waiving",
            )
        ),
    )
}
# What no door calls: it is part of another operation, or has no condition.
INSIDE = {
    "mark_claimed",
    "mark_released",
    "mark_reviewed",
    "mark_unreviewed",
    "enrol",
    "make_admin",
    "make_sponsor",
    "inviting.write",
    "inviting.put_down",
    "inviting.invite_listed",
    "bringing.invite",
    "_take",
    "_settle",
    "planning.take_over",
    "publishing.publish",
    "extending.answer",
    "opening.open_cohort",
    "voicing._keep",
    "sponsoring.grant",
    "let_client_go",
    "let_coach_go",
    "settle_focus",
    "pulsing.let_go",
    "snapshotting.sample",
}
BOTH_KINDS = {"PermissionDenied", "ValidationError"}
NO_CODE = "refused"  # what the API says for a refusal that names fields and has no code of its own

Function = tuple[str, str]


def pairs() -> set[tuple[str, str]]:
    """Every (operation, code) there is, such as ("submitting.hand_in", "homework.locked")."""
    direct, calls = _read_all()
    return {
        (f"{module}.{name}", code)
        for module, name in _operations()
        for reached in _reached((module, name), calls)
        for code in direct.get(reached, ())
    }


def _operations() -> set[Function]:
    return {
        (module, node.name)
        for module, path in MODULES.items()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(decorator) == "transaction.atomic" for decorator in node.decorator_list)
        and not {node.name, f"{module}.{node.name}"} & INSIDE
    }


def _reached(start: Function, calls: dict[Function, set[Function]]) -> set[Function]:
    found, left = set(), [start]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            left += calls.get(here, ())
    return found


def _read_all() -> tuple[dict[Function, set[str]], dict[Function, set[Function]]]:
    trees = {module: ast.parse(path.read_text()) for module, path in MODULES.items()}
    classes = {name: code for tree in trees.values() for name, code in _classes(tree)}
    direct: dict[Function, set[str]] = {}
    calls: dict[Function, set[Function]] = {}
    for module, tree in trees.items():
        known = dict(_brought_in(tree))
        for node in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            made = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
            direct[module, node.name] = {code for call in made if (code := _code(call, classes))}
            calls[module, node.name] = {_callee(call, module, known) for call in made}
    return direct, calls


def _classes(tree: ast.Module):
    """The named refusals, with the code each carries by itself; empty where the call gives one."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and {ast.unparse(base) for base in node.bases} & BOTH_KINDS:
            yield node.name, next(_codes_in(node), "")


def _codes_in(node: ast.ClassDef):
    for part in ast.walk(node):
        if isinstance(part, ast.keyword) and part.arg == "code" and isinstance(part.value, ast.Constant):
            yield part.value.value
        if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "code":
            yield part.value.value


def _code(call: ast.Call, classes: dict[str, str]) -> str:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in classes:
        return ""
    given = [word.value for word in call.keywords if word.arg == "code"] + call.args[2:]
    constants = [part.value for part in given if isinstance(part, ast.Constant)]
    return (constants or [classes[name]])[0] or NO_CODE


def _brought_in(tree: ast.Module):
    """Functions of another activity that are called by their own name."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level and node.module in MODULES:
            yield from ((name.asname or name.name, (node.module, name.name)) for name in node.names)


def _callee(call: ast.Call, module: str, known: dict[str, Function]) -> Function:
    if isinstance(call.func, ast.Attribute):
        return ast.unparse(call.func.value), call.func.attr
    name = ast.unparse(call.func)
    return known.get(name, (module, name))
