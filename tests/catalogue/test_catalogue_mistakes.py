from pathlib import Path

import pytest

from aggregator.catalogue import load
from aggregator.errors import ConfigurationError

CASES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_every_mistake_is_reported_with_its_line_and_a_remedy(case: Path):
    with pytest.raises(ConfigurationError) as caught:
        load(case, {})
    found = str(caught.value).replace(f"{case}:", "")
    assert found + "\n" == case.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_cases():
    assert CASES
