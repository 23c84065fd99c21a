"""Language tags as feeds write them, and the form that we keep."""

from __future__ import annotations

import pytest

from aggregator.text.languages import language_tag


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("EN_us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("zh-CHT", "zh-Hant"),
        ("de_DE.UTF-8", "de-DE"),
        ("iw", "he"),
        ("und", None),
        ("x" * 200, None),
        (None, None),
    ],
)
def test_a_tag_is_kept_in_its_canonical_form_or_not_at_all(written: str | None, kept: str | None):
    assert language_tag(written) == kept
    assert language_tag(kept) == kept
