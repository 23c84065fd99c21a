"""PyPI's `reader` on the same feeds, run in a folder with a file `urls`."""

from __future__ import annotations

from pathlib import Path

from reader import make_reader


def main() -> None:
    """Poll all."""
    reader = make_reader("reader.db", feed_root=None)
    for url in Path("urls").read_text().split():
        reader.add_feed(url, exist_ok=True)
    for _ in reader.update_feeds_iter(workers=10, scheduled=False):
        pass
    reader.close()


if __name__ == "__main__":
    main()
