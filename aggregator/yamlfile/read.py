"""Bytes -> YamlDocument."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node

from aggregator.errors import ConfigurationError, Mistake
from aggregator.yamlfile.nodes import Builder, TooMuchError
from aggregator.yamlfile.plain_yaml import compose_plain
from aggregator.yamlfile.syntax import column_of, explain
from aggregator.yamlfile.yaml_document import YamlDocument

MAX_BYTES = 20_000_000
"""Far beyond any file that a person keeps; a wrong path (a log, a disk image) is refused before it is read."""


def read_file(path: Path, environ: Mapping[str, str], *, may_be_empty: bool = False) -> YamlDocument:
    """Read the file as `read` does. Raises ConfigurationError also where it cannot be opened."""
    return read(load_content(path), str(path), environ, may_be_empty=may_be_empty)


def load_content(path: Path) -> bytes:
    """The bytes of the file, one more than `read` takes at most.

    Raises ConfigurationError; caused by an OSError where it is there and cannot be read.
    """
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:  # Path.open knows no opener
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _refusal(path, None, "is no file but a pipe or a device; correct the path")
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refusal(path, None, "there is no such file; `aggregator init` writes one to start from") from None
    except OSError as error:
        reason = error.strerror or "the system does not say why"
        raise _refusal(path, None, f"cannot be read ({reason}); correct the path or its permissions") from error


def _open_without_waiting(path: str, flags: int) -> int:
    """Opening a named pipe would wait for a writer, for ever, and no later edit would be seen."""
    return os.open(path, flags | os.O_NONBLOCK)


def read(content: bytes, file: str, environ: Mapping[str, str], *, may_be_empty: bool = False) -> YamlDocument:
    """Read YAML 1.2 whose document is a mapping.

    Args:
        content: UTF-8, with or without a byte order mark.
        file: The name for messages.
        environ: Where `${NAME}` is looked up.
        may_be_empty: Whether a file without any key is one, with no keys.

    Returns:
        The document; mistakes that leave it usable (duplicate keys, unset variables) are in it.

    Raises:
        ConfigurationError: It is no YAML, no mapping, or would expand without bound.
    """
    text = _decode(content, file)
    root = compose_plain(text) or compose(text, file)
    if root is None or root.tag == "tag:yaml.org,2002:null":
        if may_be_empty:
            return YamlDocument(file=file, data={})
        raise _refusal(file, None, "the file is empty; it needs at least one key with its value")
    if not isinstance(root, MappingNode):
        raise _refusal(
            file, root.start_mark.line + 1, "a mapping is needed: lines of the form `key: value`", content
        )
    builder = Builder(file, environ)
    try:
        data: dict[str, Any] = builder.mapping(root, ())
    except TooMuchError as error:
        raise _refusal(file, error.line, str(error), content) from None
    return YamlDocument(
        file=file,
        data=data,
        content=content,
        lines=builder.lines,
        written=builder.written,
        expanded=builder.expanded,
        mistakes=tuple(builder.mistakes),
        unreadable=frozenset(builder.unreadable),
    )


def compose(text: str, file: str) -> Node | None:
    """The node tree of the text, None if it holds nothing. Raises ConfigurationError."""
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        line, message = explain(error, text)
        raise _refusal(file, line, message, text.encode(), column_of(error, line)) from None
    except RecursionError:
        raise _refusal(file, None, "values are nested too deeply to be read; take some levels out") from None
    except ValueError:
        # The scanner trusts int() and chr() with what \U escapes and directives hold.
        raise _refusal(file, None, "an escape or a directive holds a number that is none; correct it") from None
    return root


def _decode(content: bytes, file: str) -> str:
    if len(content) > MAX_BYTES:
        raise _refusal(file, None, f"the file is larger than {MAX_BYTES // 1_000_000} MB; is it the right one?")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(file, line, "this is not UTF-8; save the file in that encoding", content) from None


def _refusal(
    file: str | Path, line: int | None, message: str, content: bytes = b"", column: int | None = None
) -> ConfigurationError:
    mistake = Mistake(file=str(file), line=line, path="", message=message, column=column)
    return ConfigurationError((mistake,), contents={str(file): content})
