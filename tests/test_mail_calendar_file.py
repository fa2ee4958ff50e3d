"""The calendar file: right in every calendar, whatever its zone, and nobody's text is more than text."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event, Timezone

from pencilin.mail.calendar_file import calendar_file
from pencilin.mail.visits import Visit, read
from pencilin.models import LocationKind
from pencilin.rules.states import Status
from tests.cast import NOW

URL = "https://book.example.com/book/willow"
VISIT = Visit(
    start=datetime(2026, 11, 24, 14, 0, tzinfo=UTC),
    end=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    timezone="America/New_York",
    answer_due=None,
    practitioner="Ana Ruiz",
    location="Main Street",
    location_kind=LocationKind.PLACE,
    address="1 Main Street",
    join_url=None,
    lang="en",
    sequence=3,
)


def written(
    visit: Visit = VISIT, status: Status = Status.APPROVED, name: str = "Willow", withdrawn: bool = False
) -> bytes:
    return calendar_file(
        [("a" * 32, visit)],
        status,
        practice_name=name,
        organizer="hello@willow.example",
        url=URL,
        language="en",
        now=NOW,
        withdrawn=withdrawn,
    )


def event(raw: bytes) -> Event:
    (found,) = Calendar.from_ical(raw).walk("VEVENT")
    assert isinstance(found, Event)
    assert not found.errors
    return found


def start_of(raw: bytes) -> datetime:
    start = event(raw).start
    assert isinstance(start, datetime)
    return start


ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "UTC",
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("month", [1, 4, 7, 10])
def test_it_says_the_instant_by_the_zone_s_own_rules_and_by_the_reader_s(zone: str, month: int) -> None:
    start = datetime(2027, month, 5, 12, 0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    raw = written(replace(VISIT, start=start, end=start + timedelta(hours=1), timezone=zone))
    found = event(raw)
    assert (found.start, found.end) == (start, start + timedelta(hours=1))
    for rules in Calendar.from_ical(raw).walk("VTIMEZONE"):
        assert isinstance(rules, Timezone)
        by_the_file = rules.to_tz(lookup_tzid=False)
        assert start_of(raw).replace(tzinfo=by_the_file).astimezone(UTC) == start


def test_it_names_the_zone_that_was_agreed() -> None:
    assert b"DTSTART;TZID=America/New_York:20261124T090000\r\n" in written()
    assert b"BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\n" in written()


@pytest.mark.parametrize("hour", [5, 6])
def test_of_two_equal_clock_times_it_means_the_right_one(hour: int) -> None:
    start = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)  # 1:30 in New York, twice
    raw = written(replace(VISIT, start=start, end=start + timedelta(minutes=15)))
    assert start_of(raw).astimezone(UTC) == start


def test_a_later_file_replaces_the_earlier_one() -> None:
    first, second = event(written()), event(written(replace(VISIT, sequence=4)))
    assert first["uid"] == second["uid"] == f"{'a' * 32}@pencilin"
    assert (first["sequence"], second["sequence"]) == (3, 4)


def test_it_asks_for_no_answer() -> None:
    calendar = Calendar.from_ical(written())
    assert calendar["method"] == "PUBLISH"
    assert "attendee" not in event(written())


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (Status.TENTATIVE, "TENTATIVE"),
        (Status.APPROVED, "CONFIRMED"),
        (Status.DECLINED, "CANCELLED"),
        (Status.EXPIRED, "CANCELLED"),
    ],
)
def test_it_says_how_the_appointment_stands(status: Status, shown: str) -> None:
    assert event(written(status=status))["status"] == shown


def test_a_withdrawn_one_leaves_the_calendar() -> None:
    raw = written(withdrawn=True)
    assert Calendar.from_ical(raw)["method"] == "CANCEL"
    assert event(raw)["status"] == "CANCELLED"
    assert "organizer" in event(raw)


def test_a_video_visit_leads_to_its_link() -> None:
    visit = replace(
        VISIT, location_kind=LocationKind.VIDEO, location="Video", address=None, join_url="https://meet.example/w"
    )
    assert event(written(visit))["location"] == "https://meet.example/w"
    assert event(written(replace(visit, join_url=None)))["location"] == "Video"


def test_nobody_s_text_becomes_a_property() -> None:
    wicked = 'X\r\nATTENDEE:mailto:evil@mail.example\r\nEND:VEVENT"; ,:^'
    raw = written(replace(VISIT, practitioner=wicked, location=wicked, address=wicked), name=wicked)
    found = event(raw)
    assert "attendee" not in found
    assert len(Calendar.from_ical(raw).walk("VEVENT")) == 1
    assert found["url"] == URL
    assert "evil" in str(found["location"])


def test_facts_survive_the_outbox() -> None:
    for visit in (VISIT, replace(VISIT, answer_due=NOW, address=None, join_url="https://meet.example/w")):
        assert read(visit.payload()) == visit
