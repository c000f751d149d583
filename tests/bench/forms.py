"""Reading a page's form as a browser would, to post it back."""

from html.parser import HTMLParser
from urllib.parse import urlencode


class Forms(HTMLParser):
    """Every form of a page with its fields as they stand."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[dict] = []
        self._area: str | None = None
        self._select: str | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.forms.append({"action": found.get("action", ""), "id": found.get("id", ""), "fields": {}})
        form = self._home(found)
        if form is None:
            return
        name, kind = found.get("name"), found.get("type", "text")
        if tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in found) and kind != "submit":
            form["fields"][name] = found.get("value", "on" if kind == "checkbox" else "")
        elif tag == "textarea" and name:
            self._area, form["fields"][name] = name, ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and "selected" in found:
            form["fields"][self._select] = found.get("value", "")

    def _home(self, attrs: dict) -> dict | None:
        if "form" in attrs:
            return next((form for form in self.forms if form["id"] == attrs["form"]), None)
        return self.forms[-1] if self.forms else None

    def handle_endtag(self, tag):
        self._area = None if tag == "textarea" else self._area
        self._select = None if tag == "select" else self._select

    def handle_data(self, data):
        if self._area:
            self.forms[-1]["fields"][self._area] += data

    def holding(self, *names: str) -> dict:
        """The first form that has these fields."""
        return next(form for form in self.forms if set(names) <= set(form["fields"]))


def body(fields: dict, **changes: str) -> str:
    return urlencode({name: value.lstrip("\n") for name, value in fields.items()} | changes)
