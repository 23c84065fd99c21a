"""What finding copies costs: microseconds of CPU per item with 1,000, 10,000 and 100,000 items in the window.

    .venv/bin/python -m benchmarks.stories [SIZE ...]

Items are made up: 150 to 500 words and a line of their source's, every twentieth a cut copy of an earlier one.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from aggregator import stories
from aggregator.model import Entry, Member, Overrides, Sighting
from tests.support.signatures import Signatures

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000)
ASKED = 500
NONE = Overrides()


def articles(count: int, chance: random.Random) -> Iterable[Entry]:
    """Made-up entries, one after the other; words are as unevenly common as in a language."""
    words = ["".join(chance.choices("abcdefghilmnoprstuv", k=chance.randint(2, 9))) for _word in range(20_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    told: list[str] = []
    for number in range(count):
        if number % 20 == 19:
            text = chance.choice(told)
            text = text[: len(text) * 2 // 3]
        else:
            text = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(150, 500)))
            told.append(text)
            del told[:-500]
        title = " ".join(chance.choices(words, k=7))
        content = f"<p>Place (Agency) - {text}.</p><p>Our readers know us by this line of {number % 200}.</p>"
        yield Entry(title=title, content=f"{content}<p>Share this: 12</p>", url_key=f"x.example/{number}")


def sightings(count: int) -> list[Sighting]:
    """The entries as sightings of two hundred sources within five days."""
    step = timedelta(days=5) / count
    return [
        Sighting(
            uid=f"{number:08}",
            source_id=f"s{number % 200}",
            published=NOON + step * number,
            signature=stories.sign(found),
        )
        for number, found in enumerate(articles(count, random.Random(7)))
    ]


def microseconds(work: Callable[[], object], count: int) -> float:
    """CPU time of the work for each of `count` items."""
    begin = time.process_time()
    work()
    return (time.process_time() - begin) / count * 1e6


def member(found: Sighting) -> Member:
    """The least that grouping needs of an item."""
    return Member(
        uid=found.uid,
        public_id=found.uid,
        source_id=found.source_id,
        published=found.published,
        first_seen=found.published,
        length=found.signature.length,
    )


def place(index: Signatures, found: Sighting) -> int:
    """Ask the index and place an item; the number of its candidates."""
    candidates = index.candidates(found.signature, found.uid)
    near = tuple(member(other) for other in (found, *candidates))
    stories.place(found, stories.Surroundings(candidates=candidates, members=near), NONE)
    return len(candidates)


def measure(size: int) -> None:
    """Print one line of figures."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.process_time()
    items = sightings(size)
    signing = (time.process_time() - begin) / size * 1e6
    index = Signatures()
    adding = microseconds(lambda: [index.add(found) for found in items], size)
    asked = random.Random(8).sample(items, ASKED)
    found = [0]
    asking = microseconds(lambda: found.extend(place(index, item) for item in asked), ASKED)
    coded = [stories.encode(item.signature) for item in asked]
    decoding = microseconds(lambda: [stories.decode(value) for value in coded], ASKED)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{size:7} in the window: make and sign {signing:5.0f} us, index {adding:4.0f} us,"
        f" ask and place {asking:5.0f} us"
        f" ({sum(found) / ASKED:.2f} candidates), decode {decoding:3.0f} us,"
        f" {sum(map(len, coded)) / ASKED:.0f} bytes stored, {grown / 1024:.0f} MB"
    )


def start_up() -> None:
    """Print what importing costs beside what is imported anyway."""
    code = "import time; import aggregator.dedupe; t=time.perf_counter(); import aggregator.stories;"
    code += "print(f'import: {(time.perf_counter()-t)*1000:.0f} ms')"
    subprocess.run([sys.executable, "-c", code], check=True)


def main(arguments: list[str]) -> None:
    """Measure all sizes."""
    start_up()
    text = next(iter(articles(1, random.Random(1))))
    print(f"signature of {stories.sign(text).length} words: ", end="")
    print(f"{microseconds(lambda: [stories.sign(text) for _time in range(300)], 300):.0f} us")
    for size in [int(argument) for argument in arguments] or SIZES:
        measure(size)


if __name__ == "__main__":
    main(sys.argv[1:])
