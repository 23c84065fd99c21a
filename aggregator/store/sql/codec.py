"""Nouns <-> JSON text, for columns that are stored and shown but never searched.

The rules, so that what any version wrote can be read by every later one:

* A field's name in the model is its name in JSON, or what its metadata call `stored_as`, where it had another name
  before; fields that equal their default are left out.
* Datetimes are whole seconds since 1970 (UTC), durations are seconds, sets are sorted lists.
* Reading forgives: an unknown name is ignored, a missing or unusable value becomes the field's default; a
  noun that lacks a field without default is left out as a whole.
* `v` is the version of these rules. Whoever changes what a name means raises it and teaches `decode` the old
  meaning; adding a field with a default changes nothing.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, Union

from aggregator.store.sql.columns import instant, seconds, storable

VERSION = 1

T = TypeVar("T")
_Encode = Callable[[Any], Any]
_Decode = Callable[[Any], Any]
_SCALARS = (str, int, bool, float)
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


_NEEDED = object()
"""In place of the default of a field that has none."""


class _UnusableError(Exception):
    """A value is not of the shape that its field needs; the field's default stands in."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    """A field of a noun, and how it is stored.

    Attributes:
        name: In the noun.
        stored: In JSON; another one where the field was renamed since it was first stored.
        default: Makes what it is where nothing is stored; None where it must be given.
        encode: From its value to plain JSON.
        decode: From plain JSON to its value; raises _UnusableError for what is none.
    """

    name: str
    stored: str
    default: Any
    encode: _Encode
    decode: _Decode


def encode(noun: Any, without: frozenset[str] = frozenset()) -> str:
    """A dataclass of the model as JSON text, without the fields named in `without`: columns hold those."""
    document = {"v": VERSION, **_fields_out(type(noun), noun, without)}
    return storable(_to_json(document))


def decode(kind: type[T], text: str, **given: Any) -> T:
    """The noun of class `kind` that `encode` made `text` from, its fields in `given` filled in.

    `kind` must have defaults for all fields that are not in `given`. Never fails on what `text` says.
    """
    try:
        document = json.loads(text)
    except ValueError:
        document = {}
    return typing.cast("T", _noun_in(kind, document if isinstance(document, Mapping) else {}, given))


@functools.cache
def _fields_by_stored_name(kind: Any) -> Mapping[str, _Field]:
    return {field.stored: field for field in _fields(kind)}


@functools.cache
def _fields(kind: Any) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(kind)
    return tuple(
        _Field(field.name, _stored_name(field), _default(field), *_codec(hints[field.name]))
        for field in dataclasses.fields(kind)
    )


def _stored_name(field: dataclasses.Field[Any]) -> str:
    return str(field.metadata.get("stored_as", field.name))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()  # to compare with, which is all that is done with it
    return _NEEDED if field.default is dataclasses.MISSING else field.default


def _fields_out(kind: Any, noun: Any, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in _fields(kind):
        if field.name in without:
            continue
        value = getattr(noun, field.name)
        if value is not field.default and value != field.default:
            out[field.stored] = field.encode(value)
    return out


def _noun_in(kind: Any, document: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    values = dict(given)
    fields = _fields_by_stored_name(kind)
    for name, said in document.items():
        field = fields.get(name)
        if field is None or field.name in given:
            continue
        try:
            values[field.name] = field.decode(said)
        except _UnusableError:
            if field.default is _NEEDED:
                raise
    try:
        return kind(**values)
    except TypeError as error:  # a field without default is missing
        raise _UnusableError from error


def _codec(hint: Any) -> tuple[_Encode, _Decode]:
    """How values of an annotated type are written and read."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional(next(argument for argument in arguments if argument is not types.NoneType))
    if origin is Literal:
        return _same, _one_of(frozenset(arguments))
    if origin in (tuple, frozenset):
        return _many(origin, arguments[0])
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return functools.partial(_fields_out, hint), functools.partial(_nested_in, hint)
    return _scalar(hint)


def _scalar(hint: Any) -> tuple[_Encode, _Decode]:
    if hint is datetime:
        return seconds, _datetime_in
    if hint is timedelta:
        return timedelta.total_seconds, _timedelta_in
    if hint not in _SCALARS:
        raise TypeError(f"the store's codec knows no way to write {hint!r}")
    return _same, _exactly(hint)


def _same(value: Any) -> Any:
    return value


def _optional(hint: Any) -> tuple[_Encode, _Decode]:
    out, into = _codec(hint)
    return (
        lambda value: None if value is None else out(value),
        lambda value: None if value is None else into(value),
    )


def _many(container: type[Any], hint: Any) -> tuple[_Encode, _Decode]:
    out, into = _codec(hint)
    order: Callable[[Any], Any] = sorted if container is frozenset else _same

    def decode_many(value: Any) -> Any:
        if not isinstance(value, list):
            raise _UnusableError
        found = []
        for element in value:
            try:
                found.append(into(element))
            except _UnusableError:  # one bad person does not cost the others
                continue
        return container(found)

    return lambda value: [out(element) for element in order(value)], decode_many


def _one_of(choices: frozenset[Any]) -> _Decode:
    def decode_choice(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise _UnusableError
        return value

    return decode_choice


def _exactly(kind: type[Any]) -> _Decode:
    def decode_scalar(value: Any) -> Any:
        if type(value) is not kind:  # not isinstance: True is no number here
            raise _UnusableError
        return value

    return decode_scalar


def _datetime_in(value: Any) -> datetime:
    if type(value) is not int:
        raise _UnusableError
    try:
        return instant(value)
    except OverflowError as error:
        raise _UnusableError from error


def _timedelta_in(value: Any) -> timedelta:
    if type(value) not in (int, float):
        raise _UnusableError
    try:
        return timedelta(seconds=value)
    except (OverflowError, ValueError) as error:
        raise _UnusableError from error


def _nested_in(kind: Any, value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise _UnusableError
    return _noun_in(kind, value, {})
