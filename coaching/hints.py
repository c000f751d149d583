"""A hint while feedback is written: it speaks of the person rather than of the work, or nothing in it can be done next.

A hint, never a block. Why: in more than a third of 607 effects feedback made performance worse, the more so the more it
drew attention to the self (Kluger & DeNisi 1996, doi 10.1037/0033-2909.119.2.254); praise of the person carries the
least information about the task (Hattie & Timperley 2007, doi 10.3102/003465430298487). Word lists and thresholds are
our own. English only, as the first read is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

TRAITS = (
    "amazing|articulate|awkward|bad at|bright|brilliant|careless|charming|clever|confident|disorganised|disorganized|"
    "eloquent|excellent|fantastic|gifted|good at|great|hesitant|impressive|insecure|intelligent|introverted|lazy|"
    "modest|natural|nervous|passive|perfect|quiet|shy|smart|strong|stubborn|superb|talented|timid|unsure|weak|wonderful"
)
AMOUNTS = (
    "a|an|also|always|clearly|just|much|naturally|never|not|often|quite|rather|really|simply|so|still|such|too|very"
)
OF_THE_PERSON = re.compile(
    rf"\byou(?:['’]re| are| were| seem| look| sound)(?: (?:{AMOUNTS}))* (?:{TRAITS})\b"
    r"|\byour (?:attitude|character|personality|talent|temperament|nature|gift)\b"
    r"|(?:^|[.!?;:]\s*|\bbecause )you (?:always|never)\b"
    r"|\b(?:good|great|excellent|nice|amazing|awesome|fantastic) (?:job|work|effort)\b|\bwell done\b|\bproud of you\b",
    re.IGNORECASE | re.MULTILINE,
)
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")  # the client's own words speak of whom they will
ACTIONS = (
    "add|agree|answer|ask|begin|bring|call|carry|check|choose|close|collect|compare|connect|count|cover|cut|"
    "decide|delete|draw|drop|end|explain|find|finish|follow|give|go|hold|invite|join|keep|lead|leave|let|list|"
    "listen|look|lower|make|mark|mention|move|multiply|name|notice|offer|open|pause|pick|practice|practise|"
    "prepare|promise|propose|put|quote|raise|read|record|remove|repeat|replace|rewrite|say|send|set|share|"
    "shorten|show|size|speak|split|start|state|stop|swap|take|tell|test|time|translate|try|turn|use|wait|watch|"
    "weigh|work|write"
)
TO_DO = re.compile(
    rf"(?:^|[.:;,!?–—“\"(]\s*|\b(?:and|then|now|first|next|also|again|please|to|you (?:can|could|might)|and then) )"
    rf"(?:{ACTIONS})\b|\?|\bnothing (?:more )?(?:to change|is needed)\b",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Hint:
    """What was noticed, and the words it was noticed in; empty where something is missing instead."""

    code: str
    sentence: str
    hit: str = ""


def of(keep: str, try_next: str, asked: Iterable[str] = ()) -> list[Hint]:
    """At most one hint of each kind. Nothing is said of what is not written yet."""
    to_do = "\n".join([try_next, *asked]).strip()
    return [*_of_the_person(f"{keep}\n{to_do}"), *_without_an_action(to_do)]


def _of_the_person(text: str) -> Iterator[Hint]:
    if found := OF_THE_PERSON.search(QUOTED.sub("“”", text)):
        hit = found.group().lstrip(".!?;: \n")
        sentence = _("“%(hit)s” is about the person. Which of their sentences made you think so?") % {"hit": hit}
        yield Hint("person", sentence, hit)


def _without_an_action(to_do: str) -> Iterator[Hint]:
    if to_do and not TO_DO.search(to_do):
        yield Hint("no_action", _("Nothing here says what to do next. Begin with a verb: move, name, cut, ask."))
