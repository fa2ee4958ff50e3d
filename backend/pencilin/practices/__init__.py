"""A practice as a file: what `pencilin practice load` reads and `practice export` writes."""

from pencilin.practices.exporting import export
from pencilin.practices.loading import Loaded, load

__all__ = ["Loaded", "export", "load"]
