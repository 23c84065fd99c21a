"""A newsroom without a network: publishers of our own on this machine, and the real worker and web that read them.

    content.py    what the publishers ever write, and the script: content/*.yaml as records
    desk.py       what one publisher shows at present, and what the script does to it
    press.py      that as bytes: RSS, Atom, JSON Feed, a page of links, a page of its own for each piece
    newsstand.py  hands it out by HTTP on loopback; or breaks, drips, is gone
    editing.py    the folder of the installation, and the edits that its editor makes meanwhile
    play.py       the script, scene by scene: acts, waits until the worker has read what changed, tells of it
    stage.py      all of them together, beside the worker and the web of `app`

Nothing in here is known to the product: it polls, compares, renders and serves as it does for anybody.
"""

from aggregator.demo.content import Happening
from aggregator.demo.stage import Opened, perform

__all__ = ["Happening", "Opened", "perform"]
