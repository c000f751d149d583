"""Fields as content files give them, one of every kind, for tests."""

from curriculum import fields
from curriculum.fields import Field

EXTRAS = {
    "choice": {"options": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]},
    "multi": {"options": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
    "rows": {"columns": [{"key": "action"}, {"key": "by", "kind": "date", "future": True}]},
    "tags": {"of": "after"},
}


def field(kind: str, key: str = "one", **more) -> Field:
    return fields.parse({"key": key, "kind": kind, **EXTRAS.get(kind, {}), **more})
