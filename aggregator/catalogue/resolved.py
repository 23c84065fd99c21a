"""feeds.yaml with all that it leaves unsaid: every key of every source and publication, as a feeds.yaml again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from aggregator.catalogue import typed_urls
from aggregator.catalogue.load import understand
from aggregator.catalogue.locations import KINDS, WHOLE
from aggregator.catalogue.spec import DefaultsSpec, FeedsSpec, PublicationSpec, SourceSpec
from aggregator.model import Publication, Source
from aggregator.yamlfile import Place, YamlDocument, read

_PLAIN: Final = re.compile(
    r"[A-Za-z_](?:[\w ./-]*\w)?|[1-9]\d*[smhdw]|https?://[A-Za-z0-9/?&=._~%+@;$:-]*[A-Za-z0-9/=_~%+-]", re.ASCII
)
_WORDS_OF_YAML: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_UNITS: Final = (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def resolve(content: bytes, path: Path, environ: Mapping[str, str]) -> str:
    """The text of a feeds.yaml that says all that the content means, and means the same.

    Every source stands there with every key, so that `defaults` is not needed; `${NAME}` stays as it is. Keys
    without any default, such as `select`, are there where they were given.

    Raises:
        ConfigurationError: The content holds mistakes.
    """
    document = read(content, str(path), environ)
    found = understand(document, path.parent)
    said: dict[str, Any] = {}
    for key, field in FeedsSpec.model_fields.items():
        if key not in {"defaults", "sources", "publish"}:
            said[field.alias or key] = _complete(document, (key,), field.get_default(call_default_factory=True))
    said["site"]["title"] = _written(document, ("site", "title"), found.site.title)
    said["sources"] = {one.id: _source(document, one) for one in found.sources}
    said["publish"] = {one.id: _publication(document, one) for one in found.publications}
    return "".join(f"{line}\n" for line in _lines(said))


def _source(document: YamlDocument, source: Source) -> dict[str, Any]:
    place: Place = ("sources", source.id)
    value = document.value(place)
    typed = value if isinstance(value, dict) else {}
    kind = next((key for key in KINDS if typed.get(key) is not None), "url")
    where = (*place, kind) if typed else place
    scheme = typed_urls.missing_scheme(str(document.value(where)).strip()) if source.kind != "file" else ""
    said: dict[str, Any] = {str(kind): scheme + document.as_written(where).strip()}
    for name, field in SourceSpec.model_fields.items():
        key, default = field.alias or name, field.get_default(call_default_factory=True)
        if key in typed or key in DefaultsSpec.model_fields:
            said.setdefault(
                key, _complete(document, ((*place, key) if key in typed else ("defaults", key)), default)
            )
        elif key not in (*KINDS, "select"):
            said[key] = _dump(default)
    if source.kind in WHOLE:
        said["content"] = "feed"
    return {key: one for key, one in said.items() if key == kind or key not in (*KINDS, "select") or one}


def _publication(document: YamlDocument, publication: Publication) -> dict[str, Any]:
    place: Place = ("publish", publication.id)
    said: dict[str, Any] = {"title": _written(document, (*place, "title"), publication.title)}
    for name, field in PublicationSpec.model_fields.items():
        key = field.alias or name
        if key not in said:
            said[key] = _complete(document, (*place, key), field.get_default(call_default_factory=True))
    return {key: value for key, value in said.items() if key not in {"from", "private"} or value}


def _complete(document: YamlDocument, place: Place, default: Any) -> Any:
    """What stands at the place as it is written, with what a mapping there leaves unsaid; else the default."""
    given = _written(document, place, None)
    if isinstance(default, BaseModel) and isinstance(given, dict | None):
        return _dump(default) | (given or {})
    return _dump(default) if given is None else given


def _written(document: YamlDocument, place: Place, default: Any) -> Any:
    """What stands at the place, variables unexpanded; the default where nothing does."""
    if document.locate(place) != place:
        return default
    value = document.value(place)
    if isinstance(value, dict):
        return {key: _written(document, (*place, key), None) for key in value}
    if isinstance(value, list):
        return [_written(document, (*place, index), None) for index in range(len(value))]
    if isinstance(value, str):
        return document.as_written(place)
    return default if value is None else value


def _dump(value: Any) -> Any:
    """A default of the models, as it would be typed."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        return {field.alias or name: _dump(getattr(value, name)) for name, field in fields}
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return next(f"{seconds // size}{unit}" for unit, size in _UNITS if seconds % size == 0)
    return list(value) if isinstance(value, tuple | list) else value


def _lines(said: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Mappings of mappings as blocks, all else on one line."""
    for key, value in said.items():
        if (
            isinstance(value, dict)
            and value
            and (not indent or any(isinstance(one, dict) for one in value.values()))
        ):
            yield f"{indent}{_scalar(key)}:"
            yield from _lines(value, f"{indent}  ")
        else:
            yield f"{indent}{_scalar(key)}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML:
        return value
    return "'" + value.replace("'", "''") + "'" if value.isprintable() else json.dumps(value)
