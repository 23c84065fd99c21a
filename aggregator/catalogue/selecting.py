"""What stands under `select`: whether it belongs to its kind of source, and whether each selector is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from aggregator.model import SourceKind
from aggregator.patterns import selectors
from aggregator.yamlfile import Place, Report

_OF_A_PAGE: Final = ("item", "link")
_TELLING: Final = ("title", "link", "content", "summary")
"""Fields of which an entry needs one: without them there is nothing to show."""


def _read_css(selector: str) -> Any:
    from aggregator.patterns.elements import read_selector  # few files hold selectors

    return read_selector(selector)


_LANGUAGES: Final[dict[SourceKind, tuple[Callable[[str], Any], str, str]]] = {
    "page": (_read_css, "a CSS selector of elements", "article or 'h2 a.title'"),
    "json": (selectors.compile_jmespath, "a JMESPath expression", "'data.items[]' or author.name"),
    "xpath": (selectors.compile_xpath, "XPath 1.0", "'//article' or .//h2/a/@href, or CSS: 'css: h2 a @href'"),
}


def check_select(kind: SourceKind, typed: Any, place: Place, report: Report) -> None:
    """Note what is wrong with the `select` of a source of that kind, as it was read from the file.

    What is no text, and keys that there are not, are noted where the model is checked.
    """
    if kind not in _LANGUAGES:
        report.add(place, "only `page`, `json` and `xpath` are searched with selectors; a feed needs none")
        return
    given = {key: value for key, value in typed.items() if value is not None} if isinstance(typed, dict) else {}
    if kind != "page":
        _check_sufficient(kind, given, place, report)
    for name, selector in given.items():
        if kind == "page" and name not in _OF_A_PAGE:
            report.add(
                (*place, name), "a `page` takes this from the articles themselves; only `item` and `link` fit"
            )
        elif isinstance(selector, str) and selector.strip():
            _check_selector(kind, name, selector, (*place, name), report)


def _check_sufficient(kind: SourceKind, given: dict[str, Any], place: Place, report: Report) -> None:
    example = (
        "{ item: 'data[]', title: name, link: url }" if kind == "json" else "{ item: //article, title: .//h2 }"
    )
    if "item" not in given:
        report.add(place, f"`{kind}` needs `item`: where its entries are, such as {example}")
    elif not any(name in given for name in _TELLING):
        report.add(place, f"name a field at least, title, link, content or summary, such as {example}")


def _check_selector(kind: SourceKind, name: str, selector: str, place: Place, report: Report) -> None:
    compile_selector, what, example = _LANGUAGES[kind]
    try:
        compile_selector(selector)
    except selectors.SelectorError as error:
        report.add(place, f"not {what}: {error}; write it like {example}")
        return
    if kind == "xpath" and name != "item" and selector.strip().startswith("/"):
        report.add(
            place, f"this begins at the top of the document, not within an item; write .{selector.strip()[:80]}"
        )
