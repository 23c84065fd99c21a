"""`filter:` in feeds.yaml: what people type, and the steps that it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainValidator

from aggregator import patterns
from aggregator.catalogue import measures
from aggregator.catalogue.filter_words import pattern
from aggregator.catalogue.measures import Age, Language, Length
from aggregator.catalogue.typed_values import need_list
from aggregator.model import Condition, Drop, Filter, Keep, Limit, Matcher, WithMedia
from aggregator.text.letters import fold_letters
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
_LISTS = (*_FIELDS, "language", "media")
_PLAIN = re.compile(r"(\^?)([^\\^$.|?*+()\[\]{}\n]*)(\$?)")
"""An expression that is nothing but words, at the beginning or the end perhaps: letters are folded as in words."""

_STEPS = ("keep", "drop", "limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPattern:
    """One pattern of a filter, not yet bound to a field of entries.

    Attributes:
        pattern: A regular expression.
        shown: What the editor typed, for messages.
        literal: Whether that was a word, and no expression.
        folded: Whether letters are to be folded in the texts that are searched.
    """

    pattern: str
    shown: str
    literal: bool
    folded: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """Marks a value of the short form of a filter, where words are literal.

    Attributes:
        value: What was typed, not yet checked.
    """

    value: Any


def _read_pattern(value: Any) -> TypedPattern:
    written = value.value if isinstance(value, _Word) else value
    if not isinstance(written, str):
        hint = "; put it in quotes" if isinstance(written, int | float) else ""
        raise fault(f"text is needed, not {quote(written)}{hint}")
    shown = text(written)
    if isinstance(value, _Word):
        return TypedPattern(pattern=pattern(shown), shown=shown, literal=True, folded=True)
    try:
        patterns.guard_pattern(written)
    except (re.error, RecursionError, OverflowError) as error:
        reason = error.msg if isinstance(error, re.error) else "it is too large"
        message = f"not a regular expression: {reason}; put a backslash before characters meant literally"
        raise fault(message) from None
    plain = _PLAIN.fullmatch(written)
    if plain is None:
        return TypedPattern(pattern=written, shown=written, literal=False, folded=False)
    start, words, end = plain.groups()
    found = f"{start}{re.escape(fold_letters(words))}{end}"
    return TypedPattern(pattern=found, shown=written, literal=False, folded=True)


def _fold_condition(value: Any) -> Any:
    if isinstance(value, str):
        return {"any": [_Word(value)]}
    if isinstance(value, list):
        return {"any": [_Word(item) for item in value]}
    if isinstance(value, dict):
        if None in value.values():
            empty = next(name for name, one in value.items() if one is None)
            raise fault(f"the condition '{empty}' has no value; give it one or remove it")
        return {name: [one] if isinstance(one, str) and name in _LISTS else one for name, one in value.items()}
    raise fault(f"a word, a list of words, or a mapping such as {{ title: '^Ask' }} is needed, not {quote(value)}")


def _fold_step(value: Any) -> Any:
    if not isinstance(value, dict):
        raise fault(f"a step such as {{ keep: [python] }} is needed, not {quote(value)}")
    if len(value) != 1:
        raise fault(f"a step has exactly one of {', '.join(_STEPS)}; make each its own item of the list")
    if None in value.values():
        raise fault(f"the step '{next(iter(value))}' has no value; give it one or remove it")
    return value


def _need_steps(value: Any) -> Any:
    return need_list({"keep": value} if isinstance(value, str) and value else value)


MediaKind = Literal["audio", "video", "image"]
_PatternText = Annotated[TypedPattern, PlainValidator(_read_pattern, json_schema_input_type=str)]
TypedPatterns = Annotated[
    list[_PatternText],
    BeforeValidator(lambda value: value, json_schema_input_type=str | list[str]),
]


class Conditions(Part):
    """What is asked of entries; any that holds is enough. Regular expressions are searched in whatever case."""

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
    older_than: Age = measures.NO_AGE
    """Published longer ago, such as 30d; looked at anew each hour."""
    newer_than: Age = measures.NO_AGE
    """Published more recently, such as 2d; looked at anew each hour."""
    longer_than: Length = measures.NO_LENGTH
    """With a longer visible text, such as 300 words or 2000 characters."""
    shorter_than: Length = measures.NO_LENGTH
    """With a shorter visible text, such as 50 words or 200 characters."""
    language: Annotated[
        list[Language],
        BeforeValidator(lambda value: value, json_schema_input_type=str | list[str]),
    ] = Field(default_factory=list)
    """In a language, as its feed says, such as de or pt-BR; de is de-AT too."""
    media: Annotated[
        list[MediaKind],
        BeforeValidator(lambda value: value, json_schema_input_type=MediaKind | list[MediaKind]),
    ] = Field(default_factory=list)
    """With sound, film or a picture, attached or in the text: audio, video or image."""

    def all(self) -> tuple[Condition, ...]:
        """The conditions as the program uses them."""
        measured = [one for name in measures.MEASURES for one in measures.condition(name, getattr(self, name))]
        media = [WithMedia(kind=kind, shown=f"media: {kind}") for kind in self.media]
        return (*self._matchers(), *measured, *map(measures.in_language, self.language), *media)

    def _matchers(self) -> tuple[Matcher, ...]:
        return tuple(
            Matcher(
                field=name,
                pattern=one.pattern,
                shown=one.shown if one.literal else f"{name}: {one.shown}",
                folded=one.folded,
            )
            for name in _FIELDS
            for one in getattr(self, name)
        )


def _not_empty(conditions: Conditions) -> Conditions:
    if not conditions.all():
        raise fault("nothing is looked for; name at least one word, or remove the step")
    return conditions


_Conditions = Annotated[
    Conditions,
    BeforeValidator(_fold_condition, json_schema_input_type=str | list[str] | Conditions),
    AfterValidator(_not_empty),
]


class Step(Part):
    """One step of a filter: exactly one of its keys."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})
    elsewhere: ClassVar[Mapping[str, str]] = {
        name: f"did you mean {{ keep: {{ {name}: … }} }}?" for name in Conditions.model_fields
    }

    keep: _Conditions | None = None
    """Only entries of which any of this is true: words, or a mapping of regular expressions and measures."""
    drop: _Conditions | None = None
    """No entries of which any of this is true."""
    limit: Count | None = None
    """Only the newest of what is left at this step."""

    def filter(self) -> Filter:
        """The step as the program uses it."""
        if self.keep is not None:
            return Keep(any_of=self.keep.all())
        if self.drop is not None:
            return Drop(any_of=self.drop.all())
        return Limit(count=self.limit or 1)


Steps = Annotated[list[Annotated[Step, BeforeValidator(_fold_step)]], BeforeValidator(_need_steps)]
"""What stands under `filter`."""

IN_A_FILTER: Final[Mapping[str, str]] = {
    **{name: f"did you mean `filter: [ {{ {name}: … }} ]`?" for name in _STEPS},
    **{
        name: f"did you mean `filter: [ {{ keep: {{ {name}: … }} }} ]`?"
        for name in Conditions.model_fields.keys() - {"any", "title", "url"}  # which mean other things there
    },
}
"""What to write for a step, or a condition, that stands where `filter` does."""
