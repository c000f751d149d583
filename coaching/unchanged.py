"""Answers that hold as long as nobody acts, as in a rehearsal: there each is looked up once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def while_nobody_acts() -> Iterator[None]:
    """In here only the engine does anything: it fires and posts, which changes no such answer."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def looked_up_once(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """For questions about rows that people write: a hand-in, an assignment, a session. Everywhere else asked anew."""

    @wraps(question)
    def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        known = _answers.get()
        if known is None:
            return question(*args, **kwargs)
        asked = question, args, tuple(kwargs.items())
        if asked not in known:
            known[asked] = question(*args, **kwargs)
        return known[asked]

    return answer
