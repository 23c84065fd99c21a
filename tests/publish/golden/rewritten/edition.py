"""What an editor rewrites: titles, texts between tags, links; copies' links too. Ids and dates stay."""

from datetime import timedelta

from aggregator.model import Rewrite, Trimmed, Trimming
from tests.publish.editions import edition, item, origin
from tests.support.nouns import NOON, source


def rule(field: str, pattern: str, replacement: str = "") -> Rewrite:
    return Rewrite(field=field, pattern=pattern, replacement=replacement, shown=f"{field}: {pattern}")


RULES = (
    rule("title", "^ad: "),
    rule("title", r"(?P<who>\w+) says (.+)", r"\2, says \g<who>"),
    rule("text", "<b> & co", "<i>"),
    rule("text", "second", "third"),
    rule("link", r"\?utm_.*"),
    rule("link", "^https://mirror", "https://www"),
    rule("link", "^.*/bad/$", "no address"),
)
RIVER = source(rewrites=RULES, trimming=Trimming(remove=("aside",)))
LAKE = source(
    id="lake", location="https://lake.example/feed", url="https://lake.example/feed", rewrites=(RULES[5],)
)
EDITION = edition(
    item(
        1,
        NOON,
        title="AD: Ada says it rains",
        url="https://mirror.example.org/1?utm_source=x",
        content="<p>At the second mark, <b>second</b> &lt;b&gt; &amp; co.</p>",
        text="At the second mark, second <b> & co.",
    ),
    item(
        2,
        NOON - timedelta(hours=1),
        title="Ad: ",
        url="https://example.org/bad/",
        content="<p>Whole.</p><aside>Read also</aside>",
        text="Whole. Read also",
        trimmed=Trimmed(content="<p>Whole.</p>", text="Whole."),
    ),
    item(3, NOON - timedelta(hours=2), source_id="lake", title="Untouched second", url="https://mirror.example/3"),
    origins=(origin(RIVER), origin(LAKE)),
)
