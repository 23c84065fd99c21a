"""What a command measured stands in a page between two marks that name the command."""

from __future__ import annotations

from pathlib import Path

END = "<!-- end -->\n"


def keep(page: Path, command: str, found: str) -> None:
    """Put what a command found between its marks in the page."""
    begin = f"<!-- begin: {command} -->\n"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{begin}\n{found}\n\n{END}{after}", encoding="utf-8")
