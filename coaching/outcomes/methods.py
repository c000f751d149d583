"""How the numbers of a report come about, and by which editions people were taught and asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients.models import Cohort


@dataclass(frozen=True)
class Method:
    """How a number comes about, by the name of what it is about."""

    name: str
    text: str


def of(cohorts: Iterable[Cohort]) -> tuple[Method, ...]:
    """Of people in these cohorts."""
    editions = {(one.edition.title, one.edition.version) for one in cohorts}
    asked = ", ".join(f"{title} {version}" for title, version in sorted(editions))
    return (Method(_("Editions and their instruments"), asked or _("none")), *_formulas())


def _formulas() -> tuple[Method, ...]:
    return (
        Method(_("Intervals"), _("All are of 95 %.")),
        Method(_("Mean change"), _("After less before, of whoever has both; the interval by t.")),
        Method(
            _("Everybody who began"),
            _("The same over everybody with a beginning; whoever has no end counts as unchanged."),
        ),
        Method(
            _("Standardised mean change"),
            _(
                "In standard deviations of the beginning, after Becker and Morris, corrected for few people; the "
                "interval after Algina and Keselman."
            ),
        ),
        Method(
            _("Reliable change"),
            _("After Jacobson and Truax, at 1.96 standard errors of a difference, by three assumed reliabilities."),
        ),
        Method(_("Shares"), _("Wilson’s interval.")),
        Method(_("Agreement of readers"), _("Cohen’s kappa with quadratic weights, over levels both readers gave.")),
        Method(
            _("What others said"),
            _(
                "Peers count as the mean of three answers or more for each client, managers by themselves; out of all "
                "clients who asked one of them."
            ),
        ),
        Method(_("Moves"), _("Kaplan and Meier’s estimate with a log-log interval; followed until the last answer.")),
        Method(
            _("Few people"),
            _(
                "What comes from fewer than may be shown is left out, and as much beside it as it takes so that it "
                "cannot be found by subtraction. Lines of single people are means of groups."
            ),
        ),
    )
