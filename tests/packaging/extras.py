"""Write each pin that has an extra a second time without it. Run by `make lock` on uv's output.

pip before 23.3 keeps `lxml` and `lxml[html_clean]` apart, and tries the newest release of each that has no pin
of its own; where hashes are required it stops there, as soon as there is a newer release than the pinned one.
uv writes one of the two. That pip also keeps `html_clean` and `html-clean` apart, and breaks when it is given
both: extras are written as those who ask for them do, which a test holds.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_START = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)
_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\[(?P<extras>[^\]]+)\](?P<rest>==.*)", re.DOTALL)


def spelled_out(lock: str) -> str:
    """The text of a requirements file, with a pin of the bare package before each one with an extra."""
    return "".join(dict.fromkeys(form for pin in _START.split(lock) for form in _forms(pin)))


def _forms(pin: str) -> list[str]:
    found = _PIN.match(pin)
    if found is None:
        return [pin]
    name, extras, rest = found.group("name", "extras", "rest")
    return [f"{name}{rest}", f"{name}[{extras.replace('-', '_')}]{rest}"]


def main() -> None:
    """Rewrite the files that are named on the command line."""
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(spelled_out(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
