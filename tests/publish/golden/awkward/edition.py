"""What publishers emit on bad days; a page and a file as sources; a publication that hides edits."""

from aggregator.model import Category, Enclosure, Person
from tests.publish.editions import edition, item, origin
from tests.support.nouns import at, source

EDITION = edition(
    item(
        9,
        title="Bell\x07, next\x85line, \ufffe, 🦆 and \u202eright to left\u202c",
        content="<p>One\r\ntwo\x00 three ]]> four\udcff</p>",
        summary="<p>A &amp; B</p>",
        language="not a language",
    ),
    item(8, title="", content="<p>No title, but text.</p>", text="No title, but text."),
    item(7, title="  ", content=None, text="", url="https://example.org/only a link?q=ü#[x]"),
    item(6, title="", content=None, text="", url=None, enclosures=(Enclosure(url="https://example.org/f.ogg"),)),
    item(5, title="", content=None, text="", url=None),
    item(4, public_id="1234", title="An id that is no IRI"),
    item(3, public_id="urn:uuid:00000000-0000-5000-8000-000000000005", title="An id that is taken"),
    item(
        2,
        source_id="page",
        updated=at("2026-03-05T00:00:00Z"),
        title="An edit that this publication hides",
        content=None,
        authors=(Person(name="", email="only@example.org"), Person(name="", uri="javascript:alert(1)")),
        categories=(Category(term=""), Category(term="twice"), Category(term="twice", label="Twice")),
        enclosures=(
            Enclosure(url="https://example.org/e", type="no type", length=0),
            Enclosure(url="ftp://example.org/e"),
            Enclosure(url="https://example.org/e", length=12),
            Enclosure(url="https://example.org/v.mp4?t=1", type="video/mp4; codecs=x", length=-1, duration=60),
        ),
        image="data:image/png;base64,AAAA",
    ),
    item(1, source_id="file", content=None),
    edits="silent",
    title=" Bad\x0bdays ",
    origins=(
        origin(id="not an iri", title="River\x00News", rights=""),
        origin(source(id="page", kind="page", url="https://town.example/news"), title=None, link=None),
        origin(source(id="file", kind="file", location="/srv/a.xml", url="a.xml"), title="A file", link=None),
    ),
)
