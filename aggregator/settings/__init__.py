"""config/settings.yaml and the environment -> Settings: how this installation runs.

spec    every knob with its default, as models
load    the file, overridden by the environment, made complete
"""

from aggregator.settings.load import load, variables
from aggregator.settings.spec import FetchSettings, Settings

__all__ = ["FetchSettings", "Settings", "load", "variables"]
