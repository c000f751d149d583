"""A report as plain data and back, without loss: what a frozen report keeps, and what its hash is of.

The data says nothing twice and names no class: what a field holds is known from its dataclass. Canonical is JSON with
sorted keys, nothing between, no escapes and no NaN, so that the same report is the same bytes on every machine.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Data = Any  # what JSON has: dict, list, str, int, float, bool, None
T = TypeVar("T")


class NotPlain(TypeError):
    """There is no way to write this down and read it again."""


def data_of(value: Any) -> Data:
    """Lists, texts, numbers and names: of dataclasses, tuples, lists, mappings with texts for keys, enums and times."""
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: data_of(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [data_of(one) for one in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: data_of(one) for key, one in value.items()}
    raise NotPlain(f"{type(value).__name__} has no plain form")


def canonical(data: Data) -> str:
    """The one way it is written. ValueError for a number that is none."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal: what `sha256sum` says of the file."""
    return sha256(text.encode()).hexdigest()


def read(kind: type[T], data: Data) -> T:
    """The value again. What a field says it holds decides; TypeError where the data does not fit."""
    return _read(kind, data)


def _read(kind: Any, data: Data) -> Any:
    origin = get_origin(kind)
    if data is None or kind is Any:
        return data
    if origin in (Union, types.UnionType):
        return _one_of(get_args(kind), data)
    if origin is tuple:
        return _row(get_args(kind), data)
    if origin in (list, dict) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        *_key, inner = get_args(kind)
        return {key: _read(inner, one) for key, one in data.items()} if isinstance(data, dict) else _each(inner, data)
    return _single(kind, data)


def _single(kind: type, data: Data) -> Any:
    if is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _read(hints[name], one) for name, one in data.items()})
    if issubclass(kind, Enum):
        return kind(data)
    if issubclass(kind, date):
        return kind.fromisoformat(data)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


def _one_of(kinds: tuple[Any, ...], data: Data) -> Any:
    """The first that fits, as it is written."""
    for kind in kinds:
        try:
            return _read(kind, data)
        except (TypeError, ValueError, AttributeError, KeyError):
            continue
    raise TypeError(f"{data!r} is none of {kinds}")


def _row(kinds: tuple[Any, ...], data: Data) -> tuple:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_each(kinds[0], data))
    return tuple(_read(kind, one) for kind, one in zip(kinds, data, strict=True))


def _each(kind: Any, data: Data) -> list:
    return [_read(kind, one) for one in data]


@lru_cache(maxsize=256)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
