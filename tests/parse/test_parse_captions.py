"""What is written under a picture, and what is not."""

from __future__ import annotations

import pytest

from aggregator.model import ParsedFeed, RawEntry, RawText
from aggregator.parse import parse

PIER = "<media:content url='pier.jpg' medium='image'>{}</media:content>"
SAID = "<media:description>A pier</media:description>"


def item(fields: str) -> RawEntry:
    result = parse(
        f'<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><title>T</title>{fields}</item></channel></rss>'.encode(),
        content_type="",
        location="",
    )
    assert isinstance(result, ParsedFeed), result
    return result.entries[0]


def literal(value: str) -> RawText:
    return RawText(value=value, type="text")


@pytest.mark.parametrize(
    ("fields", "caption"),
    [
        (PIER.format(SAID), literal("A pier")),
        (PIER.format(SAID.replace(">A", " type='html'>A &lt;b>", 1)), RawText(value="A <b> pier", type="guess")),
        (PIER.format("<media:title>A pier</media:title>"), RawText(value="A pier", type="guess")),
        (PIER.format("<media:title>No</media:title>" + SAID), literal("A pier")),
        (f"<media:group>{PIER.format('')}{SAID}</media:group><description>d</description>", literal("A pier")),
        (f"{PIER.format('')}{SAID}<description>d</description>", literal("A pier")),
        (f"{SAID}{PIER.format('')}<description>d</description>", literal("A pier")),
        (PIER.format(SAID + SAID.replace("A pier", "Later")), literal("A pier")),
        (PIER.format(SAID + "<media:credit>Jo</media:credit>"), literal("A pier (Jo)")),
        (PIER.format(SAID) + "<media:credit role='Photographer'>Jo</media:credit>", literal("A pier (Jo)")),
        (PIER.format(SAID + "<media:credit role='actor'>Jo</media:credit>"), literal("A pier")),
        (PIER.format(SAID.replace("r<", "r: Jo<") + "<media:credit>Jo</media:credit>"), literal("A pier: Jo")),
    ],
)  # fmt: skip
def test_a_caption_is_what_the_nearest_element_says_of_the_picture(fields: str, caption: RawText):
    entry = item(fields)

    assert (entry.image, entry.image_caption, entry.enclosures) == ("pier.jpg", caption, ())


@pytest.mark.parametrize(
    "fields",
    [
        "",
        PIER.format(""),
        PIER.format("<media:credit>Jo</media:credit>"),
        PIER.format("<media:title>IMG_2041.JPG</media:title>"),
        PIER.format("<media:title>T</media:title><media:description> </media:description>"),
        PIER.format("<media:description>T</media:description>"),
        f"<media:thumbnail url='t.jpg'/>{SAID}<description>d</description>",
        f"<media:content url='a.mp4' type='video/mp4'>{SAID}</media:content>{PIER.format('')}",
    ],
)
def test_what_does_not_speak_of_the_picture_is_no_caption(fields: str):
    assert item(fields).image_caption is None


def test_the_caption_is_that_of_the_picture_that_was_chosen():
    small, large = (
        PIER.format(SAID).replace("pier.jpg'", f"{name}.jpg' width='{width}'").replace("A pier", name)
        for name, width in (("small", 100), ("large", 900))
    )

    assert (item(small + large).image, item(small + large).image_caption) == ("large.jpg", literal("large"))
    assert item(large + small).image_caption == literal("large")


def test_a_caption_is_never_the_summary():
    captioned = PIER.format(SAID)

    assert item(captioned).summary is None
    assert item(f"{captioned}<description>Real</description>").summary == RawText(
        value="Real", type="html", base=None
    )


def test_a_description_of_the_entry_is_its_summary_and_not_the_caption_as_well():
    entry = item(f"{PIER.format('')}{SAID}")

    assert (entry.summary, entry.image_caption) == (literal("A pier"), None)


def test_the_title_of_a_film_is_that_of_the_enclosure():
    entry = item(
        "<media:content url='a.mp4' type='video/mp4' duration='60'><media:title>Film</media:title></media:content>"
    )

    assert [(file.url, file.title, file.duration) for file in entry.enclosures] == [("a.mp4", "Film", 60)]
    assert entry.title is not None
    assert entry.title.value == "T"


def test_elements_of_media_rss_out_of_place_cost_nothing():
    entry = item(
        f"</media:group><media:credit/>{SAID}{SAID}<media:group>{PIER.format(SAID)}</media:group>".replace(
            "</media:group>", "", 1
        )
    )

    assert entry.image == "pier.jpg"
