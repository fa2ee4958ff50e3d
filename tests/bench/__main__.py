"""Prints all figures beside their budgets, writes ``.build/bench.json``; fails when something exact is over."""

import argparse
import sys
from itertools import chain

from tests.bench import availability, calendar, matching, sizes, widget
from tests.bench.figures import report
from tests.rig.machine import ROOT

PARTS = {
    "sizes": sizes.measure,
    "widget": widget.measure,
    "availability": availability.measure,
    "matching": matching.measure,
    "calendar": calendar.measure,
}

parser = argparse.ArgumentParser(prog="build.py bench", description=__doc__)
parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all, if none is named")
chosen = parser.parse_args().parts or list(PARTS)
if unknown := set(chosen) - PARTS.keys():
    parser.error(f"there is no part {min(unknown)}; there are {', '.join(PARTS)}")
kept = report(chain.from_iterable(PARTS[name]() for name in chosen), ROOT / ".build" / "bench.json")
sys.exit(0 if kept else 1)
