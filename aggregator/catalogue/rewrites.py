"""`rewrite:`, `remove:` and `keep:` in feeds.yaml: what people type, and the rules that it means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, PlainValidator

from aggregator import patterns
from aggregator.catalogue.typed_values import fold_to_list, need_list
from aggregator.model import Rewrite
from aggregator.text.word_tables import word_set
from aggregator.yamlfile import quote
from aggregator.yamlfile.types import Part, fault, text

_FIELDS: Final[tuple[Literal["title", "text", "link"], ...]] = ("title", "text", "link")
_LIKE: Final = "['^Ad: ', '']: a regular expression, and what stands in its place"
_LONGEST: Final = 1_000
_MOST: Final = 50
"""Rules of a kind in one source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedRewrite:
    """A regular expression and a replacement, both right.

    Attributes:
        pattern: What is searched, without regard to case.
        replacement: What stands in the place of each match; it may refer to the groups of the pattern.
    """

    pattern: str
    replacement: str


def _read_pair(value: Any) -> TypedRewrite:
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(one, str) for one in value):
        raise fault(f"two texts are needed, such as {_LIKE}, not {quote(value)}")
    pattern, replacement = value
    if not pattern:
        raise fault("an empty regular expression is found everywhere; write what is to be replaced")
    if max(len(pattern), len(replacement)) > _LONGEST:
        raise fault(f"neither of the two may be longer than {_LONGEST} characters")
    try:
        patterns.guard_pattern(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        reason = error.msg if isinstance(error, re.error) else "it is too large"
        hint = "put a backslash before characters meant literally"
        raise fault(f"not a regular expression: {reason}; {hint}") from None
    try:
        patterns.read_template(replacement, pattern)
    except re.error as error:
        raise fault(f"the replacement cannot be made: {error.msg}") from None
    return TypedRewrite(pattern=pattern, replacement=replacement)


def _fold_rule(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        raise fault(f"a rule such as {{ title: ['^Ad: ', ''] }} is needed, not {quote(value)}")
    if len(value) != 1:
        raise fault(f"a rule has exactly one of {', '.join(_FIELDS)}; make each its own item of the list")
    if None in value.values():
        raise fault(f"the rule '{next(iter(value))}' has no value; give it one or remove it")
    return value


_Pair = Annotated[TypedRewrite, PlainValidator(_read_pair, json_schema_input_type=tuple[str, str])]


class TypedRule(Part):
    """One rule of `rewrite`: exactly one of its keys, with a regular expression and what stands in its place."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    title: _Pair | None = None
    """In the title; `\\1` or `\\g<name>` in the replacement is a group of the expression."""
    text: _Pair | None = None
    """In the text, between two tags."""
    link: _Pair | None = None
    """In the link; what is no web address then stays as it was."""

    def rewrite(self) -> Rewrite:
        """The rule as the program uses it."""
        field = next(name for name in _FIELDS if getattr(self, name) is not None)
        pair: TypedRewrite = getattr(self, field)
        shown = f"{field}: {pair.pattern} -> {pair.replacement or 'nothing'}"
        return Rewrite(field=field, pattern=pair.pattern, replacement=pair.replacement, shown=shown)


def _check_selector(value: str) -> str:
    from aggregator.patterns.elements import read_selector  # few files hold selectors
    from aggregator.patterns.selectors import SelectorError

    selector = text(value)
    try:
        read_selector(selector)
    except SelectorError as error:
        raise fault(f"not a CSS selector of elements: {error}; write it like aside or '.share'") from None
    return selector


def _check_few(value: list[Any]) -> list[Any]:
    if len(value) > _MOST:
        raise fault(f"at most {_MOST} are taken, not {len(value)}; join what belongs together")
    return value


def _fold_selectors(value: Any) -> Any:
    if isinstance(value, dict):
        meant = f"{{ keep: {{ {next(iter(value), 'title')}: … }} }}"
        raise fault(
            f"CSS selectors are needed, such as [aside, '.share']; what picks entries is `filter: [ {meant} ]`"
        )
    return fold_to_list(value)


_ELEMENTS: Final = word_set(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink "
    "blockquote body br button canvas caption center cite code col colgroup command data datalist dd del "
    "details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 "
    "h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label layer "
    "legend li link listing main map mark marquee menu menuitem meta meter nav nobr noembed noframes noscript "
    "object ol optgroup option output p param picture plaintext portal pre progress q rb rp rt rtc ruby s samp "
    "script search section select slot small source spacer span strike strong style sub summary sup table "
    "tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp math mi mn mo ms "
    "mtext mrow mfrac msqrt mroot mstyle msub msup msubsup munder mover mtable mtr mtd semantics annotation "
    "svg circle defs desc ellipse filter g line path polygon polyline rect stop symbol text tspan use view"
)
"""HTML's, the old ones too, and what may be meant of MathML and SVG. What has a hyphen is anybody's own."""

_NAMES_ONLY: Final = re.compile(r"[\w\s,>+~-]+")


def find_no_elements(selectors: Iterable[str]) -> list[str]:
    """The words in selectors of nothing but names that no element bears, so that nothing is ever found."""
    names = (name for one in selectors if _NAMES_ONLY.fullmatch(one) for name in re.split(r"[\s,>+~]+", one))
    return [name for name in names if name and "-" not in name and name.lower() not in _ELEMENTS]


Rules = Annotated[
    list[Annotated[TypedRule, BeforeValidator(_fold_rule)]], BeforeValidator(need_list), AfterValidator(_check_few)
]
"""What stands under `rewrite`."""

Selectors = Annotated[
    list[Annotated[str, AfterValidator(_check_selector)]],
    BeforeValidator(_fold_selectors, json_schema_input_type=str | list[str]),
    AfterValidator(_check_few),
]
"""What stands under `remove` and `keep`."""
