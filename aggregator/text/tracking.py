"""Parameters of addresses that only count clicks, mailings and campaigns.

The lists that were read, each published by who maintains it:

    A   AdGuard, TrackParamFilter/sections/general_url.txt
    B   Brave, brave-core: components/query_filter/utils.cc
    M   miniflux, internal/reader/urlcleaner/urlcleaner.go
    N   Neat URL, data/default-params-by-category.json

A name stands here when two of them have it for every site, or when it was met in feeds and nothing but a
campaign was ever found in it, or its owner writes that it names a click. A name that can be an article's
identity (id, p, story, source, from, campaign_id, var, cuid, __s) does not, whoever lists it: an editor may name
it for a source. To renew the table read the four again, and take what two of them have come to agree on; the
keys of items have a table of their own, which stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

from aggregator.text.word_tables import word_set

PREFIXES: Final = ("at_custom", "dpg_", "hsa_", "itm_", "matomo_", "mtm_", "piwik_", "pk_", "utm_")
"""Families of names: Piano, DPG Media, HubSpot, Parse.ly, Matomo (which was Piwik), Urchin."""

LISTED: Final = frozenset(
    {
        *(
            "__hsfp",
            "__hssc",
            "__hstc",
            "_bhlid",
            "_branch_match_id",
            "_branch_referrer",
            "_gl",
            "_hsenc",
            "_hsmi",
        ),
        *("_kx", "_openstat", "action_object_map", "action_ref_map", "action_type_map", "bsft_clkid", "bsft_uid"),
        *("cmpid", "dclid", "fb_action_ids", "fb_action_types", "fb_comment_id", "fb_ref", "fb_source", "fbclid"),
        *("gbraid", "gclid", "gclsrc", "guce_referrer", "guce_referrer_sig", "hmb_campaign", "hmb_medium"),
        *("hmb_source", "hsctatracking", "irclickid", "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber"),
        *(
            "ml_subscriber_hash",
            "msclkid",
            "oly_anon_id",
            "oly_enc_id",
            "rb_clickid",
            "s_cid",
            "sc_cid",
            "srsltid",
        ),
        *("twclid", "unicorn_click_id", "vero_conv", "vero_id", "wbraid", "wickedid", "wt_mc", "yclid", "ysclid"),
    }
)
"""Names on two of the lists."""

MET: Final = frozenset(
    {
        "at_campaign",
        "at_medium",
        "igshid",
        "li_fat_id",
        "maca",
        "mc_tc",
        "ncid",
        "ocid",
        "smid",
        "traffic_source",
        "ttclid",
        "wt_zmc",
        "xtor",
    }
)
"""Names met in feeds: of the BBC (Piano), Instagram, Deutsche Welle, Mailchimp, MSN, the New York Times, Al
Jazeera, Die Zeit and Le Monde; and the clicks of LinkedIn and TikTok."""

OF_SITES: Final = {
    "igsh": ("instagram.com",),
    "ref_src": ("twitter.com", "x.com"),
    "ref_url": ("twitter.com", "x.com"),
    "si": ("open.spotify.com", "youtu.be", "youtube.com"),
}
"""Names that count clicks on these sites and below them (lists B and N), and may mean anything elsewhere."""


OF_FEEDS: Final = word_set(
    "campaign cid cmp emc from fsrc ftag icid medium mod ns_mchannel partner ref referrer source src via"
)
"""Names that may mean anything, and tell where a reader came from where their value says that it was a feed: of
Medium (`source=rss----1a2b---4`), the New York Times, the Wall Street Journal (`mod=rss_opinion`), ZDNet."""

_A_FEED = re.compile(r"(?:social_|news_?)?rss(?:[0-9a-f]{6,10})?(?:[._-].*)?", re.IGNORECASE)


def is_tracking(name: str, host: str, value: str = "") -> bool:
    """Whether a parameter only counts.

    Args:
        name: Of the parameter, without escapes, in any case.
        host: Of the address that it stands in, in lower case.
        value: What it says, as it stands in the address.
    """
    folded = name.casefold()
    if folded in LISTED or folded in MET or folded.startswith(PREFIXES):
        return True
    if folded in OF_FEEDS and _A_FEED.fullmatch(value):
        return True
    return any(host == site or host.endswith(f".{site}") for site in OF_SITES.get(folded, ()))
