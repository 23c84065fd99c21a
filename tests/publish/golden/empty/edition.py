"""A publication without items, of a site without a public address."""

from aggregator.model import Site
from tests.publish.editions import edition

EDITION = edition(site=Site(title="Aggregator", link=None, contact=None), feed_name="/all")
