"""Editors' selectors, in three languages: compiled where feeds.yaml is checked and where documents are read.

What is wrong with one is found by compiling, as far as the languages allow: their libraries look for the names of
functions, variables and prefixes only when they meet a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

CSS: Final = "css:"
"""Stands before CSS where XPath is usual; ` @name` may end it, for an attribute of what it finds."""

_LONGEST: Final = 1_000
_NAME = re.compile(r"[A-Za-z_][\w.-]{0,99}")
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
_CALL = re.compile(r"(?<![\w.:-])([A-Za-z_][\w.:-]*+)\s*+\(")
_VARIABLE = re.compile(r"\$\s*+([\w.:-]++)")
_NO_CALLS: Final = frozenset({"and", "or", "div", "mod", "node", "text", "comment", "processing-instruction"})
_NO_SUCH_PREFIX: Final = "XPATH_UNDEF_PREFIX_ERROR"
"""As libxml2 calls it, whatever lxml's words for it are."""
_FUNCTIONS: Final = frozenset(
    "last position count id local-name namespace-uri name string concat starts-with contains substring-before "  # noqa: SIM905 # reads as the list
    "substring-after substring string-length normalize-space translate boolean not true false lang number sum "
    "floor ceiling round".split()
)
"""XPath 1.0, section 4. Extensions stay out: among them are regular expressions that nothing bounds."""


class SelectorError(ValueError):
    """A selector that is none; its text says why."""


@lru_cache(maxsize=256)
def compile_xpath(selector: str) -> Any:
    """An XPath 1.0 expression, or CSS behind `css:`, as lxml's XPath. Raises SelectorError."""
    selector = check_length(selector)
    if selector.startswith(CSS):
        return _compile_path(_translate_css_with_attribute(selector.removeprefix(CSS).strip()))
    bare = _QUOTED.sub("''", selector)
    for name in _CALL.findall(bare):
        if name not in _FUNCTIONS | _NO_CALLS:
            raise SelectorError(f"XPath 1.0 has no function {name}(){_suggest(name, _FUNCTIONS)}")
    variable = _VARIABLE.search(bare)
    if variable is not None:
        raise SelectorError(f"there is no variable ${variable[1]} here")
    return _compile_path(selector)


@lru_cache(maxsize=256)
def compile_jmespath(selector: str) -> Any:
    """A JMESPath expression, whose `search(value)` evaluates it. Raises SelectorError."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        compiled = jmespath.compile(check_length(selector))
    except (JMESPathError, RecursionError) as error:
        raise SelectorError(_explain_jmespath(error)) from None
    _check_calls(compiled.parsed)
    return compiled


def check_length(selector: str) -> str:
    """A selector without what is around it. Raises SelectorError where it is too long."""
    if len(selector) > _LONGEST:
        raise SelectorError(f"it is longer than {_LONGEST} characters")
    return selector.strip()


@contextmanager
def css_mistakes() -> Iterator[None]:
    """Around what reads CSS: raises SelectorError where that cannot."""
    from cssselect import SelectorError as CssError

    try:
        yield
    except CssError as error:
        raise SelectorError(str(error).rstrip(".")) from None
    except RecursionError:
        raise SelectorError("it is too deep") from None


def _translate_css(selector: str) -> str:
    from cssselect import HTMLTranslator

    with css_mistakes():
        return HTMLTranslator().css_to_xpath(selector)


def _translate_css_with_attribute(selector: str) -> str:
    css, at, name = selector.rpartition("@")
    if not at or _NAME.fullmatch(name) is None:
        return _translate_css(selector)
    found = f"({_translate_css(css.rstrip())})" if css.strip() else "."
    return f"{found}/@{name}"


def _compile_path(path: str) -> Any:
    from lxml import etree

    try:
        compiled = etree.XPath(path, regexp=False, smart_strings=False)
        compiled(etree.Element("nothing"))  # only now it is noticed that a bracket is missing
    except etree.XPathError as error:
        if all(
            one.type_name != _NO_SUCH_PREFIX for one in error.error_log
        ):  # which ones there are the document says
            raise SelectorError(str(error).lower()) from None
    return compiled


def _check_calls(tree: Mapping[str, Any]) -> None:
    """Whether each function exists and gets as many arguments as it takes; the library would find out too late."""
    from jmespath import exceptions, functions

    for name, count in _calls(tree):
        try:
            functions.Functions().call_function(name, [None] * count)
        except exceptions.UnknownFunctionError:
            known = functions.Functions.FUNCTION_TABLE
            raise SelectorError(f"JMESPath has no function {name}(){_suggest(name, known)}") from None
        except exceptions.ArityError as error:
            raise SelectorError(str(error)[:1].lower() + str(error)[1:]) from None
        except (exceptions.JMESPathError, TypeError):
            continue  # it exists, and does not like what it was given


def _calls(tree: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    children = tree["children"]
    if tree["type"] == "function_expression":
        yield tree["value"], len(children)
    for child in children:
        yield from _calls(child)


def _explain_jmespath(error: Any) -> str:
    """What the library says, on one line: it draws what it means below the expression."""
    from jmespath import exceptions

    if isinstance(error, RecursionError):
        return "it is too deep"
    if isinstance(error, exceptions.IncompleteExpressionError | exceptions.EmptyExpressionError):
        return "it ends too early"
    if isinstance(error, exceptions.LexerError):
        return f"{error.message} at character {error.lexer_position + 1}"
    return f"'{error.token_value}' does not fit at character {error.lex_position + 1}"


def _suggest(name: str, known: Any) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}()?" if near else ""
