"""Drafts of a programme, small enough to be made at once."""

from curriculum.models import Edition, Module, Programme, Week


def draft(programme: Programme, *, weeks: int = 1) -> Edition:
    """A draft with no more than a week, or nothing at all."""
    made = Edition.objects.create(programme=programme, version="next", title="Next", digest="next")
    module = Module.objects.create(edition=made, key="one", title="One", position=0)
    for number in range(weeks):
        told = {"number": number, "title": "One", "short": "One", "minutes": 1}
        Week.objects.create(edition=made, module=module, key=f"w{number}", **told)
    return made
