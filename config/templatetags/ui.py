"""How an instant, a name, a state or a share looks on a page. Nothing here decides anything: every fact, the
present instant included, comes from the page's context."""

from datetime import UTC, datetime
from functools import lru_cache

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as spell
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from curriculum import moments

register = template.Library()

STEPS = 20
LOWEST_LEVEL, HIGHEST_LEVEL = 1, 4
HOURS_AS_HOURS = 96
URGENT_HOURS, SOON_HOURS = 6, 24

# One list of states; what a person reads depends on who they are.
STATE_LABELS = {
    "locked": _("Not open yet"),
    "open": _("Open"),
    "draft": _("Draft"),
    "handed_in": _("Handed in"),
    "in_review": _("In review"),
    "returned": _("Another attempt"),
    "accepted": _("Reviewed"),
    "done": _("Done"),
    "late": _("Late"),
    "overdue": _("Late"),
    "excused": _("Excused"),
    "on_hold": _("On hold"),
}
COACH_LABELS = STATE_LABELS | {"handed_in": _("To review"), "returned": _("Again")}
# A word does not fit a phone's cell. These stand beside the full label, never alone.
STATE_SIGNS = {
    "open": "○",
    "draft": _("D"),
    "handed_in": _("R"),
    "in_review": _("R"),
    "returned": "↺",
    "accepted": "✓",
    "done": "✓",
    "late": _("L"),
    "overdue": _("L"),
    "excused": "–",
    "on_hold": "–",
}
# The levels of Django's messages, in the states the style sheet knows.
MESSAGE_STATES = {"debug": "note", "info": "note", "success": "done", "warning": "wait", "error": "late"}
MESSAGE_ICONS = {"debug": "info", "info": "info", "success": "check", "warning": "clock", "error": "alert"}


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """One icon of the sprite. Without a label it is decoration and hidden from screen readers."""
    return _svg(static("img/icons.svg"), name, classes, label)


@lru_cache(maxsize=512)
def _svg(sprite: str, name: str, classes: str, label: str) -> SafeString:
    told = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    kind = f"i {classes}".strip()
    return format_html('<svg class="{}" {}><use href="{}#i-{}"/></svg>', kind, told, sprite, name)


@register.simple_tag
def when(instant: datetime | None) -> str:
    """The instant in the reader's zone, with the zone's name: `Sunday 15 November, 23:59 Lisbon time`."""
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    return _time(instant, f"{spell(local, 'l j F, H:i')} {zone_name(instant)}")


@register.simple_tag
def when_short(instant: datetime | None, at: datetime | None = None) -> str:
    """The instant as people say it, seen from `at`: `today 14:12`, `Sunday 23:59`, `29 November 23:59`.

    The whole date and the zone are in the title. Without `at` it is always day and month.
    """
    if instant is None:
        return ""
    local = timezone.localtime(instant)
    return _time(instant, f"{_near_day(local, at)} {spell(local, 'H:i')}")


@register.simple_tag
def zone_name(instant: datetime) -> str:
    """The zone this page speaks in, without its difference: `Ho Chi Minh time`, `UTC`."""
    return moments.zone_label(instant, timezone.get_current_timezone_name()).partition(" (")[0]


@register.simple_tag
def hours_left(until: datetime, at: datetime) -> str:
    """Time left in its largest useful unit, rounded down to promise no more: `5 h left`, `2 d over`."""
    seconds = (until - at).total_seconds()
    form = now_("%(amount)s left") if seconds >= 0 else now_("%(amount)s over")
    return form % {"amount": _amount(int(abs(seconds)) // 60)}


@register.simple_tag
def urgency(until: datetime, at: datetime) -> str:
    """How a time left is shown: `late` in the last hours and after, `wait` on the last day, else empty."""
    hours = (until - at).total_seconds() / 3600
    if hours <= URGENT_HOURS:
        return "late"
    return "wait" if hours <= SOON_HOURS else ""


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and the last word of a name: `Linh Đặng` is `LĐ`."""
    words = str(name).split()
    chosen = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(word[0].upper() for word in chosen)


@register.filter
def state_label(state: str, audience: str = "client") -> str:
    """The word for a state, for a `client` or a `coach`. An unknown state is shown as it is, in words."""
    labels = COACH_LABELS if audience == "coach" else STATE_LABELS
    return str(labels.get(state, str(state).replace("_", " ").capitalize()))


@register.filter
def state_sign(state: str) -> str:
    """One sign for a narrow cell; the label has to stand beside it for screen readers."""
    return str(STATE_SIGNS.get(state, ""))


@register.filter
def tint(mean: float | None) -> str:
    """The class that tints a cell by the mean of a rubric, from 1 (`v-0`) to 4 (`v-20`)."""
    if mean is None:
        return "v-0"
    share_of_range = (float(mean) - LOWEST_LEVEL) / (HIGHEST_LEVEL - LOWEST_LEVEL)
    return f"v-{_step(share_of_range)}"


@register.simple_tag
def share(part: float, whole: float) -> str:
    """The class that makes a bar as long as `part` of `whole`. Only nothing is `w-0`, only all is `w-20`."""
    if not whole or part <= 0:
        return "w-0"
    if part >= whole:
        return f"w-{STEPS}"
    return f"w-{min(max(_step(part / whole), 1), STEPS - 1)}"


@register.filter
def message_state(level_tag: str) -> str:
    """The state a message of Django's framework is shown in."""
    return MESSAGE_STATES.get(level_tag, "note")


@register.filter
def message_icon(level_tag: str) -> str:
    """The icon beside a message of Django's framework."""
    return MESSAGE_ICONS.get(level_tag, "info")


@register.simple_tag
def control(field: BoundField, helped: str = "", labelled: str = "") -> SafeString:
    """The widget of a field. Help that comes from the template describes it like the form's own, and a label
    that does takes the place of a placeholder."""
    attrs: dict[str, str | bool] = {}
    if helped and not field.help_text and field.auto_id:
        ids = [f"{field.auto_id}_helptext"] + ([f"{field.auto_id}_error"] if field.errors else [])
        attrs["aria-describedby"] = " ".join(ids)
    if labelled and "placeholder" in field.field.widget.attrs:
        attrs["placeholder"] = ""
    return field.as_widget(attrs=attrs)


def _time(instant: datetime, words: str) -> SafeString:
    label = moments.zone_label(instant, timezone.get_current_timezone_name())
    whole = f"{spell(timezone.localtime(instant), 'l j F Y, H:i')}, {label}"
    machine = instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, whole, words)


def _near_day(local: datetime, at: datetime | None) -> str:
    if at is None:
        return spell(local, "j F")
    days = (local.date() - timezone.localtime(at).date()).days
    near = {-1: now_("yesterday"), 0: now_("today"), 1: now_("tomorrow")}
    if days in near:
        return near[days]
    return spell(local, "l") if abs(days) < 7 else spell(local, "j F")


def _amount(minutes: int) -> str:
    hours = minutes // 60
    if hours == 0:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    if hours < HOURS_AS_HOURS:
        return ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}
    return ngettext("%(n)d d", "%(n)d d", hours // 24) % {"n": hours // 24}


def _step(portion: float) -> int:
    return min(max(round(portion * STEPS), 0), STEPS)


@register.simple_tag
def wave_bar(place: int, peak: int) -> SafeString:
    """One bar of a waveform, around the middle of a picture 100 high."""
    high = max(2, int(peak))
    return format_html('<rect x="{}" y="{}" width=".6" height="{}"/>', place + 0.2, 50 - high / 2, high)


@register.filter
def clock(seconds: float | None) -> str:
    """A length of time as a player shows it: 0:42."""
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02}"
