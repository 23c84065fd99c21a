"""The configurations of other aggregators -> what they subscribe to, and who they say they are.

ini             sections, keys and `%(name)s` of a configuration file, each with its line
planet          Planet 2, Planet Venus and pluto, told apart by what they name -> SubscriptionList
planet_filters  their filters -> steps of `filter:`, as far as these say the same

Such a file comes from anywhere: it names no variables of ours, and reads no file outside its own folder.
"""

from aggregator.catalogue.planets.planet import Beside, parse_planet

__all__ = ["Beside", "parse_planet"]
