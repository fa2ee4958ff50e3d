"""Adds how each language calls the cities that time zones are named after: as mails say it, from the same source.

Usage: python name-cities.py FOLDER (with a LANGUAGE.json per language, which gets a section `cities`: by the last part
of a zone's name, where the city isn't called by that)
"""

import json
import sys
from pathlib import Path

from babel.core import get_global
from babel.dates import get_timezone_location

# Browsers still know some zones by these.
FORMER = """Africa/Asmera America/Coral_Harbour America/Godthab Asia/Calcutta Asia/Katmandu Asia/Rangoon Asia/Saigon
Atlantic/Faeroe Europe/Kiev Pacific/Enderbury Pacific/Ponape Pacific/Truk"""


def cities(language: str) -> dict[str, str]:
    """*Europe/Vienna* is *Wien* in German."""
    names = {}
    for zone in sorted((*get_global("zone_territories"), *FORMER.split())):
        area, _, part = zone.rpartition("/")
        if area in ("", "Etc"):
            continue
        name = part.replace("_", " ")
        city = get_timezone_location(zone, locale=language, return_city=True).rpartition("/")[2]
        if city != name:
            names[name] = city
    return names


for file in Path(sys.argv[1]).glob("*.json"):
    words = json.loads(file.read_text(encoding="utf-8"))
    words["cities"] = cities(file.stem)
    file.write_text(json.dumps(words, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
