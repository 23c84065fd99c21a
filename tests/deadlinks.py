"""Every relative link and every anchor in the project's Markdown leads somewhere. Run by `make check`."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
_LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_SKIPPED = {".venv", ".git", "node_modules", "build"}


def documents() -> list[Path]:
    """All Markdown files of the project."""
    return [path for path in sorted(ROOT.rglob("*.md")) if not _SKIPPED & set(path.relative_to(ROOT).parts)]


def anchors(text: str) -> set[str]:
    """The anchors that a forge makes of a document's headings."""
    headings = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(_FENCE.sub("", text)))
    return {heading.replace(" ", "-") for heading in headings}


def dead_links(path: Path) -> Iterator[str]:
    """One line for each link of the document that leads nowhere inside the project."""
    for target in _LINK.findall(_FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _, anchor = target.partition("#")
        linked = (path.parent / name).resolve() if name else path
        if not linked.exists():
            yield f"{path.relative_to(ROOT)}: {target}: there is no such file"
        elif anchor and linked.suffix == ".md" and anchor not in anchors(linked.read_text(encoding="utf-8")):
            yield f"{path.relative_to(ROOT)}: {target}: there is no such heading"


def main() -> int:
    """Print the dead links; the exit status says whether there are any."""
    dead = [line for path in documents() for line in dead_links(path)]
    sys.stdout.writelines(f"{line}\n" for line in dead)
    sys.stdout.write(f"{len(documents())} documents, {len(dead)} dead links\n")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
