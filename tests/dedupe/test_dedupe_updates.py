"""What is an update and what is not, where the text of an item, its title or its pictures differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.dedupe import media_names, teasers
from aggregator.dedupe.redesign import find_redesigned
from aggregator.model import Enclosure, Entry, Extension, Person, SourceProfile
from aggregator.normalize.sanitizer import visible_text
from tests.dedupe.memory import Memory
from tests.support.effort import within
from tests.support.nouns import entry, source

NOUNS = ["apples", "pears", "plums", "quinces", "medlars", "cherries", "figs", "sloes", "hips", "haws"]
EDITS = (
    "The guild called the tax unfair.",
    "Two stalls were shut on the order of the mayor.",
    "A barge with half of the harvest sank.",
    "By noon prices had doubled.",
    "One buyer took them all.",
)
PARAGRAPHS = (
    "The council met on Saturday.",
    "It agreed to mend the bridge.",
    "The treasurer was named in a suit.",
)


def report(noun: str, *added: str, **fields: object) -> Entry:
    """A market report with an id and an address of its own; `added` are further paragraphs."""
    text = " ".join((f"Traders in {noun} waited for word from the growers of the northern valley.", *added))
    address = f"https://market.example/{noun}"
    known = {
        "id": address,
        "url": address,
        "url_key": f"market.example/{noun}",
        "title": f"On {noun}",
        "text": text,
    }
    return entry(**(known | {"content": f"<p>{text}</p>"} | fields))


def said(*paragraphs: str, **fields: object) -> Entry:
    """One article of those paragraphs."""
    content = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return entry(**({"text": " ".join(paragraphs), "content": content} | fields))


def kinds(memory: Memory, *entries: Entry) -> dict[str, str]:
    """What one more poll comes to, by title."""
    return {title: kind for kind, title in memory.poll(*entries)}


# ---------------------------------------------------------------- a new template, or many edits


def test_edits_among_many_new_items_are_updates_each() -> None:
    memory = Memory()
    memory.poll(*(report(noun, "Nobody answered.") for noun in NOUNS))
    new = [report(f"new-{number}") for number in range(20)]
    edited = [report(noun, edit) for noun, edit in zip(NOUNS, EDITS, strict=False)]
    found = kinds(memory, *new, *edited, report(NOUNS[5], "Nobody answered."))
    assert [found[f"On {noun}"] for noun in NOUNS[:5]] == ["revised"] * 5
    assert f"On {NOUNS[5]}" not in found


def test_the_same_words_added_to_most_known_items_are_a_template_however_many_are_new() -> None:
    memory = Memory()
    memory.poll(*(report(noun) for noun in NOUNS))
    new = [report(f"new-{number}", "Follow us on the square.") for number in range(20)]
    found = kinds(memory, *new, *(report(noun, "Follow us on the square.") for noun in NOUNS[:4]))
    assert {found[f"On {noun}"] for noun in NOUNS[:4]} == {"bumped"}


def test_an_edit_beside_a_new_template_is_an_update() -> None:
    memory = Memory()
    memory.poll(*(report(noun) for noun in NOUNS))
    new = [report(f"new-{number}", "Follow us.") for number in range(20)]
    news = "The guild withdrew its complaint against the growers on Monday and will pay their costs in full."
    found = kinds(
        memory, *new, *(report(n, "Follow us.") for n in NOUNS[:4]), report(NOUNS[4], news, "Follow us.")
    )
    assert found[f"On {NOUNS[4]}"] == "revised"
    assert found[f"On {NOUNS[0]}"] == "bumped"


def test_words_that_went_from_everything_are_a_templates_too() -> None:
    pairs = [(report(noun, "Read on in our paper."), report(noun)) for noun in NOUNS[:3]]
    assert find_redesigned(pairs, listed=20) == {0, 1, 2}


def test_numbers_of_a_template_count_as_alike() -> None:
    pairs = [(report(noun), report(noun, f"Reader {n}17 of our paper.")) for n, noun in enumerate(NOUNS[:4])]
    assert find_redesigned(pairs, listed=20) == {0, 1, 2, 3}


def test_two_items_that_changed_have_nothing_in_common_but_chance() -> None:
    pairs = [(report(noun), report(noun, "Follow us.")) for noun in NOUNS[:2]]
    assert find_redesigned(pairs, listed=20) == frozenset()


def test_a_document_that_changed_nearly_as_a_whole_was_redesigned_whatever_changed() -> None:
    pairs = [(report(noun), report(noun, edit)) for noun, edit in zip(NOUNS, EDITS, strict=False)]
    assert find_redesigned(pairs, listed=7) == {0, 1, 2, 3, 4}
    assert find_redesigned(pairs, listed=9) == frozenset()


# ---------------------------------------------------------------- shorter and longer texts


def test_a_paragraph_that_is_taken_back_is_an_update_and_what_is_left_is_shown() -> None:
    memory = Memory()
    memory.poll(said(*PARAGRAPHS))
    assert kinds(memory, said(*PARAGRAPHS[:2])) == {"The river rises": "revised"}
    assert "treasurer" not in memory.one().entry.text


@pytest.mark.parametrize(
    "teaser",
    [
        said("The council met on Saturday. It agreed to…"),
        said("The council met on Saturday. [...]"),
        said("The council met on Saturday. Read more"),
        said("The council met on Saturday. It agreed to mend"),
        said("The council met on Satur"),
        replace(said(PARAGRAPHS[0]), content=None, summary=f"<p>{PARAGRAPHS[0]}</p>"),
    ],
    ids=["dots", "brackets", "read more", "within a sentence", "within a word", "as a summary"],
)
def test_a_teaser_never_takes_the_place_of_the_whole_text(teaser: Entry) -> None:
    memory = Memory()
    memory.poll(said(*PARAGRAPHS))
    assert "revised" not in kinds(memory, teaser).values()
    assert "treasurer" in memory.one().entry.text


def marked_up(content: str) -> Entry:
    """One article of that markup."""
    return entry(content=content, text=visible_text(content))


@pytest.mark.parametrize(
    ("whole", "left"),
    [
        (
            "<p>Bring to the fair:</p><ul><li>four eggs</li><li>a cup of flour</li><li>salt</li></ul>",
            "<p>Bring to the fair:</p><ul><li>four eggs</li><li>a cup of flour</li></ul>",
        ),
        (
            "<p>The fair is open.</p><p>Mara Lind</p><p>Norwick, 3 March</p>",
            "<p>The fair is open.</p><p>Mara Lind</p>",
        ),
        (
            "<p>Come. Look at <a href='/plan'>the plan</a></p><p>It rains</p>",
            "<p>Come. Look at <a href='/plan'>the plan</a></p>",
        ),
        ("<p>One. Two</p><p>Three</p><p>Four</p><p>Five.</p>", "<p>One. Two</p>"),
        (
            "<dl><dt>Lamps</dt><dd>ten.</dd><dt>Ropes</dt><dd>two</dd><dt>Oil</dt></dl>",
            "<dl><dt>Lamps</dt><dd>ten.</dd><dt>Ropes</dt></dl>",
        ),
        ("<p>Mud. Tide<br>at noon</p><p>Ferry at six</p>", "<p>Mud. Tide at noon</p>"),
        ("<p>แม่น้ำสูงขึ้นถึงระดับที่สอง</p><p>สะพานปิดแล้ว</p>", "<p>แม่น้ำสูงขึ้นถึงระดับที่สอง</p>"),
        ("<p>ปี พ.ศ. 2569 แม่น้ำสูงขึ้นถึงระดับ สะพานปิดแล้ว</p>", "<p>ปี พ.ศ. 2569 แม่น้ำสูงขึ้นถึงระดับ</p>"),
        ("<p>ទឹកឡើង។ ស្ពានបិទ។ ផ្សារបើក។</p>", "<p>ទឹកឡើង។ ស្ពានបិទ។</p>"),
        ("<p>ཆུ་འཕེལ། ཟམ་པ་བརྒྱབ། ཁྲོམ་ཚོགས།</p>", "<p>ཆུ་འཕེལ། ཟམ་པ་བརྒྱབ།</p>"),
        ("<p>Tide at noon / ferry at six / lamps at seven</p>", "<p>Tide at noon / ferry at six</p>"),
        ("<pre>low water\nmud and gulls\nno ferry</pre>", "<pre>low water\nmud and gulls</pre>"),
    ],
    ids=[
        "an item of a list",
        "a signature",
        "behind a link",
        "all but one",
        "an item of a glossary",
        "marked up otherwise",
        "a paragraph in Thai",
        "a sentence in Thai",
        "a sentence in Khmer",
        "a sentence in Tibetan",
        "no sentences",
        "a line of verse",
    ],
)
def test_what_is_taken_back_from_the_end_is_an_update_however_what_is_left_ends(whole: str, left: str) -> None:
    memory = Memory()
    memory.poll(marked_up(whole))
    assert kinds(memory, marked_up(left)) == {"The river rises": "revised"}
    assert memory.one().entry.text == visible_text(left)
    assert not memory.profile.swings


def test_a_long_list_is_compared_with_its_beginning_in_no_time() -> None:
    items = [f"<li>item number {n} of the list.</li>" for n in range(4_000)]
    before, after = (marked_up(f"<ul>{''.join(some)}</ul>") for some in (items, items[:-1]))
    with within(2):
        assert not teasers.has_shrunk(before, after, swinging=False)


def test_what_a_source_that_swings_cuts_off_was_not_taken_back() -> None:
    memory = Memory(profile=SourceProfile(swings=True))
    memory.poll(said(*PARAGRAPHS))
    assert "revised" not in kinds(memory, said(*PARAGRAPHS[:2])).values()


def test_a_source_that_shortens_several_items_at_once_went_over_to_teasers() -> None:
    memory = Memory()
    long = {noun: report(noun, "They heard nothing.", "So they went home.") for noun in NOUNS[:4]}
    memory.poll(*long.values(), *(report(f"other-{n}") for n in range(10)))
    short = [report(noun, "They heard nothing.") for noun in NOUNS[:4]]
    assert "revised" not in kinds(memory, *short, *(report(f"other-{n}") for n in range(10))).values()
    assert memory.profile.swings
    assert all("home" in item.entry.text for item in memory.items.values() if item.entry == long.get(item.uid))


def test_a_sentence_that_ends_in_dots_and_goes_on_the_next_day_is_an_update() -> None:
    memory = Memory()
    memory.poll(said("I ordered the large one..."))
    assert kinds(memory, said("I ordered the large one...", "It came today.")) == {"The river rises": "revised"}


def test_in_a_source_of_teasers_dots_are_a_mark_and_the_whole_text_is_no_update() -> None:
    memory = Memory()
    others = [report(noun, "And then...") for noun in NOUNS[:3]]
    memory.poll(said("The council met..."), *others)
    assert kinds(memory, said("The council met on Saturday."), *others) == {"The river rises": "bumped"}


def test_a_teaser_that_only_grows_by_some_words_is_no_update() -> None:
    memory = Memory()
    memory.poll(said("The council met..."))
    assert kinds(memory, said("The council met on Saturday..."))["The river rises"] == "bumped"


def test_a_full_stop_that_comes_or_goes_at_the_end_is_no_update() -> None:
    memory = Memory()
    memory.poll(said("The council met."))
    assert "revised" not in kinds(memory, said("The council met")).values()


# ---------------------------------------------------------------- texts that come back


def test_an_edit_that_is_taken_back_is_an_update_once() -> None:
    memory = Memory()
    one, other = said(*PARAGRAPHS), said("The council did not meet.", *PARAGRAPHS[1:])
    memory.poll(one)
    assert [kinds(memory, text)["The river rises"] for text in (other, one, other, one)] == [
        "revised",
        "revised",
        "bumped",
        "bumped",
    ]


def superseding(memory: Memory, *entries: Entry, minutes: int = 60) -> list[bool]:
    """Of each change that one more poll comes to, whether it supersedes what was told of the last one."""
    memory.now += timedelta(minutes=minutes)
    return [change.verdict.supersedes for change in memory.judge(entries)]


def test_what_goes_back_in_silence_supersedes_what_was_told() -> None:
    memory = Memory()
    one, other = said("The vote was 51 to 49."), said("The vote was 50 to 50.")
    assert [superseding(memory, entry) for entry in (one, other, one)] == [[False]] * 3, (
        "these are told themselves"
    )
    assert superseding(memory, other) == [True]
    assert superseding(memory, one) == [True], "it is what was told, which was superseded"
    assert not memory.one().trace.aside
    assert superseding(memory, said("The vote is put off.")) == [False]
    assert not memory.one().trace.aside


def test_a_text_of_which_no_change_was_told_supersedes_none() -> None:
    memory = Memory()
    before = [report(noun) for noun in NOUNS]
    after = [report(noun, text=f"Home News Sport. {one.text}") for noun, one in zip(NOUNS, before, strict=True)]
    for document in (before, after, before):
        assert set(superseding(memory, *document)) == {False}


def test_a_template_that_comes_and_goes_supersedes_nothing_that_was_told() -> None:
    memory = Memory()
    first = [report(noun) for noun in NOUNS]
    told = [replace(one, text=f"{one.text} {NOUNS[9 - at]} too.") for at, one in enumerate(first)]
    dressed = [replace(one, text=f"Home News Sport. {one.text}") for one in told]
    memory.poll(*first)
    for at in range(10):
        memory.poll(*told[: at + 1], *first[at + 1 :])
    assert {one.revision for one in memory.items.values()} == {2}
    for document in (dressed, told):
        assert set(superseding(memory, *document)) == {False}


def test_a_whole_text_that_was_told_before_supersedes_the_beginning_that_was_told_last() -> None:
    cut = said(PARAGRAPHS[0], "It agreed to mend [...]")
    memory = Memory()
    for one in (said(*PARAGRAPHS), said("The council is dissolved."), cut):
        assert superseding(memory, one) == [False]
    assert memory.one().revision == 3
    assert superseding(memory, said(*PARAGRAPHS)) == [True]
    other = Memory()
    for one in (said("The council is dissolved."), cut, said(*PARAGRAPHS)):
        assert superseding(other, one) == [False], "nobody was told another whole"


def test_of_a_live_page_each_edit_that_is_no_update_supersedes_the_last_that_was() -> None:
    memory = Memory()
    memory.poll(said("The river rises at noon."))
    found = [superseding(memory, said(f"{noun} {noun} {noun}"), minutes=10) for noun in NOUNS]
    assert found == [[False]] * 6 + [[True]] * 4
    assert memory.one().revision == 7


def test_what_comes_back_after_a_change_that_did_not_count_does_not_count_either() -> None:
    memory = Memory()
    before = [report(noun) for noun in NOUNS]
    after = [report(noun, text=f"Home News Sport. {one.text}") for noun, one in zip(NOUNS, before, strict=True)]
    memory.poll(*before)
    memory.poll(*after)
    assert set(kinds(memory, *before[:3], *after[3:]).values()) == {"bumped"}


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Bridge closed", "Bridge closed - River News"),
        ("Bridge closed", "Bridge closed | river news"),
        ("Bridge closed", "Bridge closed :: example.org"),
        ("Bridge closed", "River News: Bridge closed"),
        ("Bridge closed", "Mara Lind: Bridge closed"),
        ("Bridge closed – River News Online", "Bridge closed"),
    ],
)
def test_a_name_beside_the_headline_is_no_update(before: str, after: str) -> None:
    memory = Memory(source=source(title="River News"))
    mara = {"authors": (Person(name="Mara Lind"),)}
    memory.poll(said(*PARAGRAPHS, title=before, **mara))
    assert kinds(memory, said(*PARAGRAPHS, title=after, **mara)) == {after: "bumped"}


@pytest.mark.parametrize(
    "after", ["Bridge closed - again", "Mayor: Bridge closed", "Bridge closed-river news", "B"]
)
def test_other_words_beside_the_headline_are_an_update(after: str) -> None:
    memory = Memory(source=source(title="River News"))
    memory.poll(said(*PARAGRAPHS, title="Bridge closed"))
    assert kinds(memory, said(*PARAGRAPHS, title=after)) == {after: "revised"}


def test_a_headline_where_there_was_none_is_an_update() -> None:
    memory = Memory(source=source(title="River News"))
    memory.poll(said(*PARAGRAPHS, title="", url=None, url_key=None))
    assert kinds(memory, said(*PARAGRAPHS, title="River News", url=None, url_key=None)) == {
        "River News": "revised"
    }


# ---------------------------------------------------------------- pictures and files


def pictured(url: str, text: str = "A heron stood on the roof.") -> Entry:
    """An entry with a picture in its text and as its image."""
    return entry(text=text, content=f'<p>{text}</p><img alt="" src="{url}">', image=url)


@pytest.mark.parametrize(
    "moved",
    [
        "https://cdn.example/871/heron.jpg",
        "https://example.org/img/heron.jpg?w=640",
        "https://example.org/img/heron-1024x768.webp",
        "https://example.org/img/heron-scaled@2x.png",
        "https://example.org/img/another-bird.jpg",
    ],
)
def test_pictures_beside_a_text_are_no_update_but_are_shown(moved: str) -> None:
    memory = Memory()
    memory.poll(pictured("https://example.org/img/heron.jpg"))
    assert kinds(memory, pictured(moved)) == {"The river rises": "bumped"}
    assert memory.one().entry.image == moved


def test_an_item_that_is_nothing_but_its_picture_is_updated_by_another_and_not_by_a_move() -> None:
    memory = Memory()
    memory.poll(pictured("https://example.org/img/heron.jpg", ""))
    assert kinds(memory, pictured("https://cdn.example/1/heron-300x200.png", "")) == {"The river rises": "bumped"}
    assert kinds(memory, pictured("https://cdn.example/1/egret.png", "")) == {"The river rises": "revised"}


def test_an_address_in_markup_that_is_shown_as_text_is_no_content() -> None:
    memory = Memory()
    memory.poll(said('<img src="https://example.org/a.png" alt="A heron">'))
    assert "revised" not in kinds(memory, said('<img src="https://cdn.example/b.png" alt="A heron">')).values()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/e/part-12.mp3", "https://b.example/x/part-12.mp3?sig=1", True),
        ("https://a.example/e/12.mp3", "https://a.example/e/13.mp3", False),
        ("https://a.example/get.php?id=1", "https://b.example/get.php?id=1&token=x", True),
        ("https://a.example/get.php?id=1", "https://a.example/get.php?id=2", False),
        ("https://a.example/episodes/12/audio", "https://a.example/episodes/13/audio", False),
        ("https://a.example/2026/1.mp3", "https://b.example/2026/1.mp3", True),
        ("https://a.example/one/1.mp3", "https://a.example/two/1.mp3", False),
        ("https://a.example", "https://a.example/?", True),
    ],
)
def test_a_file_is_known_by_its_name_wherever_it_lies(one: str, other: str, *, same: bool) -> None:
    first, second = (media_names.file_names(entry(enclosures=(Enclosure(url=url),))) for url in (one, other))
    assert (first == second) is same


def test_a_picture_is_told_from_other_files_by_its_type_or_its_ending() -> None:
    files = (
        Enclosure(url="https://a.example/heron-call.mp3", type="audio/mpeg"),
        Enclosure(url="https://a.example/heron", type="image/jpeg"),
        Enclosure(url="https://a.example/heron-on-roof.JPEG"),
    )
    assert media_names.file_names(entry(enclosures=files)) == ("heron-call",)
    alone = entry(
        enclosures=files,
        text="",
        content='<img alt="no address"><img src="https://a.example/"><img src="https://a.example/eggs.png">',
    )
    assert media_names.file_names(alone) == ("", "eggs", "heron", "heron-call", "heron-on-roof")


# ---------------------------------------------------------------- elements of other namespaces


def test_what_namespaces_say_is_filled_in_and_changed_silently() -> None:
    memory = Memory()
    memory.poll(report("figs"))
    (item,) = memory.items.values()
    for season in "34":
        assert memory.poll(report("figs", extensions=(Extension(name="itunes:season", text=season),))) == [
            ("bumped", "On figs")
        ]
    (later,) = memory.items.values()
    assert (later.updated, later.revision) == (item.updated, item.revision)
    assert later.entry.extensions[0].text == "4"


def test_a_play_count_that_goes_on_changes_nothing_and_is_told_with_the_next_change() -> None:
    memory = Memory()
    counted = (Extension(name="slash:comments", text="0"),)
    memory.poll(report("figs", fleeting=counted))
    for count in "12":
        counted = (Extension(name="slash:comments", text=count),)
        assert memory.poll(report("figs", fleeting=counted)) == []
    (item,) = memory.items.values()
    assert item.entry.fleeting[0].text == "0"
    memory.poll(report("figs", fleeting=counted, authors=(Person(name="Ann"),)))
    (item,) = memory.items.values()
    assert item.entry.fleeting[0].text == "2"
