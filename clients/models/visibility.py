"""Who may read a row of content: every such row has exactly one class, named on the button that saves it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """The six classes. Which person belongs to which is decided where coaches are known."""

    PRIVATE = "private", _("only you")
    PAIR = "pair", _("you and your coach")
    TEAM = "coaching_team", _("the coaches of the programme")
    PROGRAMME = "programme", _("you, your coach and the programme's admins")
    COHORT = "cohort", _("everybody in the cohort")
    RELEASED = "released", _("whom you released it to")
