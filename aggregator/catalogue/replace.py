"""Takes feeds.yaml from the disk and puts a better one in its place: whole, checked, or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aggregator.catalogue.load import load_text
from aggregator.catalogue.sheet import Sheet
from aggregator.errors import ConfigurationError, EditError
from aggregator.text.opted_out import find_opt_out_of_url, tell_opt_out

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The file as it was when the edit began.

    Attributes:
        path: As the user gave it; sources that are files are looked for beside it.
        target: The file itself, links followed.
        content: Its bytes.
        sheet: Its text without a byte order mark.
    """

    path: Path
    target: Path
    content: bytes
    sheet: Sheet

    def refuser(self) -> Callable[[str], str | None]:
        """What tells why an address is not to be read, as its host asked; None for one of which nobody asked."""
        opted_out: Mapping[str, int | None] = {}
        if b"opt_out" in self.content:
            with suppress(ConfigurationError):  # which every edit tells
                opted_out = load_text(self.content, self.path, os.environ).opted_out

        def refuse(url: str) -> str | None:
            name = find_opt_out_of_url(url, opted_out)
            return None if name is None else tell_opt_out(name, opted_out)

        return refuse

    def replace(self, text: str, ids: Sequence[str]) -> None:
        """Put `text` in the place of the file.

        Args:
            text: The new content.
            ids: The sources that it must turn out to hold, in order.

        Raises:
            EditError: It holds mistakes, the file changed since it was read, or it cannot be written.
                The file is then as it was.
        """
        content = self._encode(text)
        self._check(content, ids)
        try:
            self._swap(content)
        except OSError as error:
            raise _unusable(self.path, "written", error) from error

    def _encode(self, text: str) -> bytes:
        mark = _BOM if self.content.startswith(_BOM.encode()) else ""
        return (mark + text).encode()

    def _check(self, content: bytes, ids: Sequence[str]) -> None:
        try:
            found = tuple(source.id for source in load_text(content, self.path, os.environ).sources)
        except ConfigurationError as after:
            try:
                load_text(self.content, self.path, os.environ)
            except ConfigurationError as before:
                raise EditError(f"{self.path} holds mistakes; correct them first:\n{before}") from None
            raise EditError(f"Nothing was changed, because this would be wrong afterwards:\n{after}") from None
        if found != tuple(ids):
            raise EditError(f"{self.path} is written in a way that cannot be edited here; edit it by hand.")

    def _swap(self, content: bytes) -> None:
        status = self.target.stat()
        handle, name = tempfile.mkstemp(prefix=f".{self.target.name}.", dir=self.target.parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                with suppress(PermissionError):  # only root may give files away
                    os.fchown(file.fileno(), status.st_uid, status.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))
                os.fsync(file.fileno())
            if self.target.read_bytes() != self.content:
                raise EditError(f"{self.path} was changed by somebody else meanwhile; run the command again.")
            draft.replace(self.target)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(self.target.parent)


def take(path: Path) -> Original:
    """Read the file for an edit.

    Raises:
        EditError: There is none, it cannot be read, or it is not YAML.
    """
    try:
        target = path.resolve(strict=True)
        content = target.read_bytes()
    except FileNotFoundError:
        raise EditError(f"{path}: there is no such file; `aggregator init` writes one to start from.") from None
    except (OSError, RuntimeError) as error:
        raise _unusable(path, "read", error) from error
    try:
        sheet = Sheet(content.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise EditError(f"{path} is not UTF-8; save it in that encoding.") from None
    except ConfigurationError as error:
        raise EditError(f"{path} holds mistakes; correct them first:\n{error}") from None
    return Original(path=path, target=target, content=content, sheet=sheet)


def _unusable(path: Path, what: str, error: OSError | RuntimeError) -> EditError:
    # Path.resolve raises RuntimeError where links lead in a circle.
    reason = error.strerror if isinstance(error, OSError) else "it is a loop of links"
    return EditError(f"{path} cannot be {what} ({reason}); correct the path or its permissions.")


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power failure; not every system lets folders be synced."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
