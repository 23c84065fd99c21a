"""`filter:` in feeds.yaml: what people type, and the steps that it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator

from aggregator import patterns
from aggregator.catalogue.filter_words import pattern
from aggregator.model import Drop, Filter, Keep, Limit, Matcher
from aggregator.yamlfile import quote
from aggregator.yamlfile.types import Count, Part, fault, text

_FIELDS: tuple[Literal["any", "title", "text", "author", "category", "url"], ...] = (
    "any",
    "title",
    "text",
    "author",
    "category",
    "url",
)
_STEPS = ("keep", "drop", "limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPattern:
    """One pattern of a filter, not yet bound to a field of entries.

    Attributes:
        pattern: A regular expression.
        shown: What the editor typed, for messages.
        literal: Whether that was a word, and no expression.
    """

    pattern: str
    shown: str
    literal: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """Marks a value of the short form of a filter, where words are literal; `value` is what was typed."""

    value: Any


def _read_pattern(value: Any) -> TypedPattern:
    written = value.value if isinstance(value, _Word) else value
    if not isinstance(written, str):
        hint = "; put it in quotes" if isinstance(written, int | float) else ""
        raise fault(f"text is needed, not {quote(written)}{hint}")
    shown = text(written)
    if isinstance(value, _Word):
        return TypedPattern(pattern=pattern(shown), shown=shown, literal=True)
    try:
        patterns.guard_pattern(written)
    except (re.error, RecursionError, OverflowError) as error:
        reason = error.msg if isinstance(error, re.error) else "it is too large"
        message = f"not a regular expression: {reason}; put a backslash before characters meant literally"
        raise fault(message) from None
    return TypedPattern(pattern=written, shown=written, literal=False)


def _fold_condition(value: Any) -> Any:
    if isinstance(value, str):
        return {"any": [_Word(value)]}
    if isinstance(value, list):
        return {"any": [_Word(item) for item in value]}
    if isinstance(value, dict):
        return {name: [one] if isinstance(one, str) else one for name, one in value.items()}
    raise fault(f"a word, a list of words, or a mapping such as {{ title: '^Ask' }} is needed, not {quote(value)}")


def _fold_step(value: Any) -> Any:
    if not isinstance(value, dict):
        raise fault(f"a step such as {{ keep: [python] }} is needed, not {quote(value)}")
    if len(value) != 1:
        raise fault(f"a step has exactly one of {', '.join(_STEPS)}; make each its own item of the list")
    if None in value.values():
        raise fault(f"the step '{next(iter(value))}' has no value; give it one or remove it")
    return value


_PatternText = Annotated[TypedPattern, PlainValidator(_read_pattern, json_schema_input_type=str)]
TypedPatterns = Annotated[
    list[_PatternText],
    BeforeValidator(lambda value: value, json_schema_input_type=str | list[str]),
]


class Condition(Part):
    """Regular expressions, searched without regard to case; any that is found is enough."""

    any: TypedPatterns = Field(default_factory=list)
    """Title, text, authors and categories together."""
    title: TypedPatterns = Field(default_factory=list)
    """In the title."""
    text: TypedPatterns = Field(default_factory=list)
    """In the visible text."""
    author: TypedPatterns = Field(default_factory=list)
    """In the name of an author."""
    category: TypedPatterns = Field(default_factory=list)
    """In a category."""
    url: TypedPatterns = Field(default_factory=list)
    """In the link."""

    def matchers(self) -> tuple[Matcher, ...]:
        """The condition as the program uses it."""
        return tuple(
            Matcher(
                field=name,
                pattern=one.pattern,
                shown=one.shown if one.literal else f"{name}: {one.shown}",
            )
            for name in _FIELDS
            for one in getattr(self, name)
        )


def _not_empty(condition: Condition) -> Condition:
    if not condition.matchers():
        raise fault("nothing is looked for; name at least one word, or remove the step")
    return condition


Conditions = Annotated[
    Condition,
    BeforeValidator(_fold_condition, json_schema_input_type=str | list[str] | Condition),
    AfterValidator(_not_empty),
]


class Step(Part):
    """One step of a filter: exactly one of its keys."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    keep: Conditions | None = None
    """Only entries in which any of this is found. Words are literal; a mapping holds regular expressions."""
    drop: Conditions | None = None
    """No entries in which any of this is found."""
    limit: Count | None = None
    """Only the newest of what is left at this step."""

    def filter(self) -> Filter:
        """The step as the program uses it."""
        if self.keep is not None:
            return Keep(any_of=self.keep.matchers())
        if self.drop is not None:
            return Drop(any_of=self.drop.matchers())
        return Limit(count=self.limit or 1)


Steps = list[Annotated[Step, BeforeValidator(_fold_step)]]
"""What stands under `filter`."""
