"""Working hours in a practice file can be kept: nobody is at two places, or twice at one, at the same time."""

import pytest

from pencilin.database import Database
from tests.practice_files import SMALL, line_of, load, refused, with_line

RULE = '[[practitioner.hours]]\ndays = ["wed", "thu"]\nlocations = ["house"]\n'
MORNING = 'from = "09:00"\nto = "12:00"'


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Decided before anything is written, so one kind of database is enough."""
    return sqlite_url


@pytest.mark.parametrize(
    ("one", "other", "overlaps"),
    [
        (MORNING, 'from = "11:00"\nto = "13:00"', True),
        (MORNING, 'from = "12:00"\nto = "13:00"', False),
        (f"{MORNING}\nvalid_until = 2026-05-31", f"{MORNING}\nvalid_from = 2026-06-01", False),
        (f"{MORNING}\nvalid_until = 2026-06-30", f"{MORNING}\nvalid_from = 2026-06-01", True),
        (
            f"{MORNING}\nevery_weeks = 2\nfirst_week_of = 2026-01-05",
            f"{MORNING}\nevery_weeks = 2\nfirst_week_of = 2026-01-12",
            False,
        ),
        (
            f"{MORNING}\nevery_weeks = 2\nfirst_week_of = 2026-01-05",
            f"{MORNING}\nevery_weeks = 3\nfirst_week_of = 2026-01-12",
            True,
        ),
    ],
)
def test_hours_of_one_practitioner_do_not_overlap(database: Database, one: str, other: str, overlaps: bool) -> None:
    text = with_line(SMALL, 'name = "Ida Berg"', *(RULE + one + "\n" + RULE + other).splitlines())
    if overlaps:
        ((where, why),) = refused(database, text).items()
        assert where.endswith("practitioner.hours.from")
        assert f"overlaps the hours of line {line_of(text, '[[practitioner.hours]]')}" in why
    else:
        assert load(database, text).created


def test_overlaps_are_told_by_the_clocks_of_the_places(database: Database) -> None:
    there = '[[location]]\nslug = "west"\nname = "West"\ntimezone = "America/Los_Angeles"\n'
    rule = '[[practitioner.hours]]\ndays = ["mon"]\nfrom = "{}"\nto = "{}"\nlocations = ["west"]\n'
    overlapping = with_line(SMALL, 'name = "Ida Berg"', *rule.format("07:00", "08:00").splitlines()) + there
    assert refused(database, overlapping), "7:00 there is 10:00 here"
    apart = with_line(SMALL, 'name = "Ida Berg"', *rule.format("09:00", "10:00").splitlines()) + there
    assert load(database, apart).created, "9:00 there is noon here"


def test_a_location_does_not_become_a_second_place_of_hours_that_stay(database: Database) -> None:
    load(database, SMALL)
    text = '[practice]\nslug = "birch"\n[[location]]\nslug = "video"\nkind = "place"\n'
    assert refused(database, text) == {"line 5, location.kind": "would have Ida Berg at house and video at once"}
