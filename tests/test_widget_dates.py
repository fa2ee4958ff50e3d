"""The widget's days and hours in any zone, around every change of the clock, against the zone data of the server."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.conftest import lacking
from tests.rig.machine import ROOT

# Changes at whole and half hours, of half an hour, at midnight, of a whole day, and none.
ZONES = {
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Europe/London": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Africa/Cairo": ("2026-04-24", "2026-10-30"),
    "America/Santiago": ("2026-04-05", "2026-09-06"),
    "Pacific/Apia": ("2011-12-30",),
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),
    "Asia/Kathmandu": ("2026-06-01",),
    "America/St_Johns": ("2026-03-08", "2026-11-01"),
}
ASK = """([zone, instants]) => instants.map((text) => {
  const at = new Date(text);
  return [dates.dayIn(at, zone), dates.hourIn(at, zone), dates.offsetMinutes(at, zone)];
})"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The module as it is built, under the name ``dates``."""
    esbuild = next((ROOT / "widget" / "node_modules" / "@esbuild").glob("*/bin/esbuild"), None)
    if esbuild is None:
        lacking("esbuild (python3 build.py build installs it)")
    assert esbuild
    made: Path = tmp_path_factory.mktemp("dates") / "dates.js"
    source = ROOT / "widget" / "src" / "dates.ts"
    options = ("--bundle", "--format=iife", "--global-name=dates", "--log-level=warning", f"--outfile={made}")
    subprocess.run([esbuild, source, *options], check=True)
    return made.read_text()


def test_days_hours_and_offsets_are_those_of_the_zone_data(page: Page, script: str) -> None:
    page.evaluate(f"{script}; window.dates = dates")
    for zone, days in ZONES.items():
        # From the day before to the day after, by the quarter of an hour.
        starts = [datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=1) for day in days]
        instants = [start + timedelta(minutes=15 * step) for start in starts for step in range(3 * 96)]
        local = [instant.astimezone(ZoneInfo(zone)) for instant in instants]
        offsets = [one.utcoffset() or timedelta() for one in local]
        expected = [
            [str(one.date()), one.hour, offset // timedelta(minutes=1)]
            for one, offset in zip(local, offsets, strict=True)
        ]
        assert page.evaluate(ASK, [zone, [instant.isoformat() for instant in instants]]) == expected, zone


def test_a_time_that_the_clock_shows_twice_and_no_other_has_a_second_name(page: Page, script: str) -> None:
    page.evaluate(f"{script}; window.dates = dates")
    ask = """([zone, instants]) => instants.map((text) => dates.timeText(new Date(text), zone, "en-US"))"""
    twice = 0
    for zone, days in ZONES.items():
        starts = [datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(days=1) for day in days]
        instants = [start + timedelta(minutes=15 * step) for start in starts for step in range(3 * 96)]
        texts = page.evaluate(ask, [zone, [instant.isoformat() for instant in instants]])
        for instant, text in zip(instants, texts, strict=True):
            local = instant.astimezone(ZoneInfo(zone))
            repeated = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
            # The hour that is left out has no instants, so only repeated ones have two offsets.
            assert (len(text.split()) > 2) == repeated, (zone, instant, text)
            twice += repeated
    assert twice > 40
