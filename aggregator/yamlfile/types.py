"""Values that both files hold: numbers, durations, sizes. For use in pydantic models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from aggregator.yamlfile.variables import Expanded
from aggregator.yamlfile.wording import quote

_DURATION = re.compile(
    r"(?:(?P<weeks>\d{1,6})w)?(?:(?P<days>\d{1,6})d)?(?:(?P<hours>\d{1,6})h)?"
    r"(?:(?P<minutes>\d{1,6})m)?(?:(?P<seconds>\d{1,6})s)?",
    re.ASCII,
)
_SIZE = re.compile(r"(?P<number>\d{1,12})\s?(?P<unit>[kMG]?B)?", re.ASCII | re.IGNORECASE)
_UNITS = {"b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_LONGEST = timedelta(days=36_500)

DURATION_PATTERN = r"^(?=[0-9])([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$|\$\{"
"""JSON Schema's pattern of a duration, or of a variable that holds one."""

VARIABLE = {"type": "string", "pattern": r"\$\{"}
"""JSON Schema of a value that comes from the environment."""


class Part(BaseModel):
    """A mapping in a file that people write: unknown keys are mistakes, no value is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    elsewhere: ClassVar[Mapping[str, str]] = {}
    """What to write for keys that people look for here and that belong elsewhere; … is what they gave."""


def fault(message: str) -> PydanticCustomError:
    """An error whose words are shown as they are."""
    return PydanticCustomError("plain", "{message}", {"message": message})


class _Section:
    """`sources:` with all of its lines commented out is an empty section, not a mistake."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: {} if value is None else value, handler(source)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "null"}]}


Section = _Section()
"""Marks a mapping that may be left empty."""


def _read_number(value: Any) -> Any:
    if isinstance(value, Expanded) and re.fullmatch(r"-?[0-9]{1,18}", value.strip()):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    hint = ", without quotes" if isinstance(value, str) and value.isdecimal() else ""
    raise fault(f"a whole number is needed{hint}, not {quote(value)}")


def _require_at_least_one(value: int) -> int:
    if value < 1:
        raise fault(f"must be at least 1, not {value}")
    return value


def _read_flag(value: Any) -> Any:
    return value == "true" if isinstance(value, Expanded) and value in {"true", "false"} else value


def text(value: str) -> str:
    """The text, trimmed. Refuses what is empty and what would break a line of a log or a header."""
    trimmed = value.strip()
    if not trimmed:
        raise fault("text is needed, not nothing; fill it in or remove the key")
    if not trimmed.isprintable() and any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in trimmed):
        raise fault("line breaks and control characters are not allowed here; put the text on one line")
    return trimmed


def parse_duration(value: Any) -> timedelta:
    """`45s`, `10m`, `1h30m`, `2d`, `1w` -> timedelta."""
    if isinstance(value, timedelta):
        return value
    example = "write it with its unit, such as 45s, 10m, 1h30m, 2d or 1w"
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise fault(f"{value} of what? A duration is needed; {example}")
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) and value.strip() else None
    if match is None:
        raise fault(f"a duration is needed, not {quote(value)}; {example}")
    duration = timedelta(**{unit: int(number) for unit, number in match.groupdict(default="0").items()})
    if duration > _LONGEST:
        raise fault("this is longer than a hundred years; write a shorter duration")
    return duration


def parse_size(value: Any) -> int:
    """`10MB`, `500 kB` or a number of bytes -> bytes; a kB is 1000 bytes."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    size = int(match["number"]) * _UNITS[(match["unit"] or "B").lower()] if match else 0
    if size < 1:
        raise fault(f"a size is needed, not {quote(value)}; write it as 10MB, 500kB or a number of bytes")
    return size


Text = Annotated[str, AfterValidator(text)]
Number = Annotated[int, BeforeValidator(_read_number), WithJsonSchema({"anyOf": [{"type": "integer"}, VARIABLE]})]
Count = Annotated[
    int,
    BeforeValidator(_read_number),
    AfterValidator(_require_at_least_one),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, VARIABLE]}),
]
Flag = Annotated[bool, BeforeValidator(_read_flag), WithJsonSchema({"anyOf": [{"type": "boolean"}, VARIABLE]})]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
]
Size = Annotated[int, BeforeValidator(parse_size)]
