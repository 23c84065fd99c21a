"""A web page -> what a feed would have said: the list of its articles, or one article.

tree          bytes -> a bounded tree of elements, with what its head says
refusals      why a page is no list or no article, and what to do about it
page_claims   the fields that a page may state about its article
jsonld        schema.org's articles in JSON-LD -> claims
opengraph     `<meta>`: OpenGraph, article:*, Dublin Core -> claims
headings      the title, and where it stands
dateline      the visible line that says when
page_times    of several statements of a time the most exact
time_marks    the times that markup and visible lines hold
article_times when the article appeared, by every way in which pages say it
bylines       who wrote it: people, not agencies
pictures      the lead picture with its caption
page_words    words of many languages by which such lines are known
related       "Read more" and what hangs on it
prune         what stands in a page's text and is none of it
library_tree  a tree as the library for texts reads it best
article_text  the text: trafilatura's, else every paragraph
article_page  the whole of one article
anchors       which links of a page lead to articles
article_list  the whole of a list
feed_links    a page -> the feeds that it names

Everything heavy is imported when the first page is read, so that a process that reads feeds never pays for it.
"""

from aggregator.parse.html.article_list import read_listing
from aggregator.parse.html.article_page import read_article

__all__ = ["read_article", "read_listing"]
