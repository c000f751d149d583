"""What stands in a report for what could not be had: the same shapes, with nobody in them."""

from collections import defaultdict

from curriculum import shares
from curriculum.figures import Figure, Why

from ..agreement import Agreement
from . import observed, promotions, ratings, work
from .observed import Observed
from .practice import Read as Logged
from .practice import WeekOfPractice
from .promotions import Promotions
from .ratings import Rated
from .work import TakenUp, Turnaround, Work

RATED = ratings.Read({}, defaultdict(dict))
SEEN = observed.Read({}, ())
LOGGED: Logged = {}
DONE = work.Read({}, {}, [], [])
NO_RATED: tuple[Rated, ...] = ()
NO_WEEKS: tuple[WeekOfPractice, ...] = ()
NOBODY = Figure(0, 0, why=Why.NOBODY)
OBSERVED = Observed((), Agreement(0, 0, None))
WORK = Work(Turnaround(0, None, None, 0, None), (), TakenUp(0, None, None, None, NOBODY), ())
PROMOTIONS = Promotions(0, 0, 0, 0, (), **promotions.curve_of(()), base=shares.base_rate(promotions.WEEKS))
