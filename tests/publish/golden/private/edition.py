"""A private publication with an archive: its links hold no token, and lead back under the one that was given."""

from dataclasses import replace

from tests.publish.editions import edition, item

EDITION = replace(edition(item(1), id="club", title="Club", tokens=("never-to-be-seen",)), previous=4)
