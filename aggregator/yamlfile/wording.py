"""What is wrong with a value, in our own words; and the word that was probably meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from aggregator.yamlfile.variables import Expanded

_MAPPING = "a mapping is needed: lines of the form `key: value`"
_GLUED = re.compile(r"[\w.-]+:(?=[^\s:])(?!//)")
_LONGEST_SKETCH = 40
_KINDS = {
    "string_type": "text is needed",
    "bool_type": "true or false is needed",
    "list_type": "a list is needed, such as [one, two]",
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
}
_SWITCHES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def quote(value: object) -> str:
    """The value as a message may show it: short, on one line, and never one that came from a variable."""
    if isinstance(value, Expanded):
        return "what the environment variable holds"
    if isinstance(value, str):
        text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in value)
        return f"'{text}'" if len(text) <= 60 else f"'{text[:57]}...'"
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


def sketch(value: object) -> str:
    """The value as an example may repeat it; … for what is long or nested, or came from a variable."""
    if isinstance(value, list) and value:
        told = [sketch(one) for one in value]
        return "…" if "…" in told or isinstance(value[0], list) else f"[{', '.join(told)}]"
    if isinstance(value, dict | list | Expanded) or value is None or len(str(value)) > _LONGEST_SKETCH:
        return "…"
    return str(value) if re.fullmatch(r"[\w.-]+", str(value)) else quote(value)


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, None if none is near."""
    spellings = {word.casefold(): word for word in known}
    found = difflib.get_close_matches(name.casefold(), spellings, n=1, cutoff=0.6)
    return spellings[found[0]] if found else None


def unknown_name(name: str, known: Iterable[str], what: str = "key") -> str:
    """The message for a name that is none of the known ones."""
    words = sorted(known)
    head, colon, _ = name.partition(":")
    if colon and head in words:
        return f"unknown {what}; a space is needed after the colon of '{head}:'"
    meant = nearest_name(name, words)
    if meant is not None:
        return f"unknown {what}; did you mean '{meant}'?"
    return f"unknown {what}; known here: {', '.join(words)}"


def explain_error(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors, told to someone who has never heard of pydantic."""
    kind: str = error["type"]
    value = error["input"]
    if kind in _KINDS:
        return f"{_KINDS[kind]}, not {quote(value)}{_hint(kind, value)}"
    if kind == "literal_error":
        return _choice(value, str(error["ctx"]["expected"]))
    if kind == "too_short":
        return "the list is empty; give it at least one item or remove the key"
    # Everything else is raised by our own validators, whose words are fit to be shown.
    return str(error["msg"])


def _hint(kind: str, value: object) -> str:
    if isinstance(value, Expanded):
        return ""
    if _KINDS.get(kind) == _MAPPING and isinstance(value, str) and (glued := _GLUED.match(value)):
        return f"; a space is needed after the colon of '{glued[0]}'"
    if kind == "string_type" and isinstance(value, int | float):
        return "; put it in quotes"
    if kind == "list_type" and isinstance(value, str) and value:
        return f"; write [{quote(value)[1:-1]}]"
    if kind == "bool_type" and isinstance(value, str) and value.lower() in _SWITCHES:
        return f"; write {_SWITCHES[value.lower()]}"
    return ""


def _choice(value: object, expected: str) -> str:
    choices = expected.replace(" or ", ", ").replace("'", "").split(", ")
    message = f"one of {', '.join(choices)} is needed, not {quote(value)}"
    meant = nearest_name(value, choices) if isinstance(value, str) and not isinstance(value, Expanded) else None
    return f"{message}; did you mean '{meant}'?" if meant else message
