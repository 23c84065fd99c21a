"""YamlDocument -> model: every mistake noted, and the rest usable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from itertools import takewhile
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from aggregator.errors import ConfigurationError, Mistake, Notice
from aggregator.yamlfile.types import Part
from aggregator.yamlfile.wording import explain_error, sketch, unknown_name
from aggregator.yamlfile.yaml_document import Place, YamlDocument

Model = TypeVar("Model", bound=BaseModel)


class Report:
    """The mistakes of one document, beginning with those that reading it found."""

    def __init__(self, document: YamlDocument) -> None:
        self._document = document
        self._mistakes: list[Mistake] = list(document.mistakes)
        self._faulty: set[Place] = set(document.unreadable)
        self._notices: list[Notice] = []

    def add(self, place: Sequence[str | int], message: str, *, at_key: bool = False) -> None:
        """Note a mistake, in the key itself perhaps; nothing more of a value that could not even be read."""
        found = self._document.locate(place)
        mistake = self._document.mistake(found, message, at_key=at_key)
        if found not in self._document.unreadable and mistake not in self._mistakes:
            self._mistakes.append(mistake)
            self._faulty.add(found)

    def add_foreign(self, mistake: Mistake) -> None:
        """Note a mistake that is not in the document."""
        self._mistakes.append(mistake)

    def note(self, place: Sequence[str | int], message: str) -> None:
        """Note what is no mistake, and what the editor may want to know."""
        self._notices.append(self._document.notice(place, message))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was noted and is no mistake, by line."""
        return tuple(sorted(self._notices, key=lambda found: found.line or 0))

    def has(self, place: Place) -> bool:
        """Whether the value at the place is known to be wrong."""
        return place in self._faulty

    def raise_if_any(self) -> None:
        """Raise ConfigurationError with all mistakes by line; those without a line come last."""
        if self._mistakes:
            ordered = sorted(self._mistakes, key=lambda found: (found.line is None, found.line or 0))
            contents = {self._document.file: self._document.content}
            raise ConfigurationError(tuple(ordered), self.notices, contents)


def check(model: type[Model], document: YamlDocument, report: Report) -> Model:
    """Validate the document; mistakes go into the report.

    Values with mistakes are left out of what is returned, so that the caller can go on to check what depends on
    the others. For that, no key of the model may be required.
    """
    data = document.data
    while True:
        try:
            return model.model_validate(data)
        except ValidationError as errors:
            found = errors.errors(include_url=False)
        if data is document.data:
            _explain(model, document, report, found)
        data = _leave_out(data, [YamlDocument(file="", data=data).locate(error["loc"]) for error in found])


def _explain(
    model: type[BaseModel], document: YamlDocument, report: Report, errors: Sequence[Mapping[str, Any]]
) -> None:
    for error in errors:
        place = document.locate(error["loc"])
        if error["type"] == "extra_forbidden":
            found = _explain_unknown(str(place[-1]), error["input"], _find_model(model, error["loc"][:-1]))
            report.add(place, found, at_key=True)
        else:
            message = explain_error(error) + _hint_comment(document, place, error["input"])
            report.add(place, message, at_key=error["loc"][-1:] == ("[key]",))


def _explain_unknown(name: str, value: object, model: type[BaseModel] | None) -> str:
    """The message for a key that the model does not have."""
    if model is not None and issubclass(model, Part) and name in model.elsewhere:
        return f"unknown key; {model.elsewhere[name].replace('…', sketch(value))}"
    fields = model.model_fields if model is not None else {}
    return unknown_name(name, [field.alias or key for key, field in fields.items()])


def _hint_comment(document: YamlDocument, place: Place, value: object) -> str:
    """Of nothing, where something stands behind a `#`."""
    if value is not None:
        return ""
    line = document.content.splitlines()[document.line(place) - 1 :][:1]
    return "; '#' begins a comment, put text that holds it in quotes" if line and b" #" in line[0] else ""


def _leave_out(data: dict[str, Any], places: Sequence[Place]) -> dict[str, Any]:
    """A copy without what is at the places; a list goes as a whole, since its rest would mean something else."""
    pruned = deepcopy(data)
    for place in places:
        keys = [str(step) for step in takewhile(lambda step: isinstance(step, str), place)]
        inner: Any = pruned
        for key in keys[:-1]:
            inner = inner.get(key, {})
        inner.pop(keys[-1], None)
    return pruned


def _find_model(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model of what stands at the place; None where that is no mapping of known keys."""
    kind: Any = model
    for step in place:
        kind = _below(_plain_type(kind), step)
    kind = _plain_type(kind)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _below(kind: Any, step: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if step == (field.alias or name):
                return field.annotation
        return None
    arguments = get_args(kind)
    return arguments[-1] if arguments else None


def _plain_type(kind: Any) -> Any:
    """Without Annotated and without `| None`."""
    while True:
        origin = get_origin(kind)
        if origin is Annotated:
            kind = get_args(kind)[0]
        elif origin in (Union, UnionType):
            kind = next(argument for argument in get_args(kind) if argument is not type(None))
        else:
            return kind
