"""``appointments import``: a practice that moves here brings its appointments, without a mail and without doubles."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from pencilin import clients
from pencilin.database import Database
from pencilin.errors import Invalid
from pencilin.models import Appointment, Client, Outbox
from pencilin.rules.states import Status
from pencilin.scheduling.import_files import Line, lines_of_csv, lines_of_ics
from pencilin.scheduling.importing import ImportedCounts, import_appointments
from tests.cast import NOW, Willow, willow
from tests.commands import Shell

HEADER = "id,start,minutes,service,practitioner,location,first_name,last_name,email,birth_date,external_id,note\n"
GOOD = (
    HEADER
    + "1,2026-11-24T09:00,,first-visit,Ana Ruiz,main-street,Kim,Lee,kim.lee@mail.example,,,Bring the plan\n"
    + "2,2026-11-24T15:00Z,45,follow-up,ana,Main Street,Sam,Lee,,1988-08-02,,\n"
    + "3,2026-11-25T09:00,,follow-up,ben,main-street,Sam,Lee,,1988-08-02,,\n"
    + "4,2025-03-03T09:00,,follow-up,ben,main-street,Zoë,Ångström,,,77,\n"
)
ZONE = ZoneInfo("America/New_York")
UNTIL = datetime(2027, 12, 31, tzinfo=UTC)
EVENTS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//old//EN
BEGIN:VEVENT
UID:a1@old.example
DTSTART;TZID=America/New_York:20261124T090000
DTEND;TZID=America/New_York:20261124T094500
SUMMARY:Kim Lee
ATTENDEE:mailto:kim.lee@mail.example
END:VEVENT
END:VCALENDAR
"""


def brought(database: Database, cast: Willow, text: str) -> ImportedCounts:
    lines = lines_of_csv(text.encode())
    return database.write(lambda session, _: import_appointments(session, cast.practice, lines, NOW))


def refusals(database: Database, cast: Willow, text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        brought(database, cast, text)
    return error.value.fields


def test_they_are_approved_linked_and_nobody_is_written_to(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))
    assert brought(database, cast, GOOD) == ImportedCounts(appointments=4, unchanged=0, clients=2)
    with database.read() as session:
        past, first, second, _ = session.exec(select(Appointment).order_by(col(Appointment.start))).all()
        assert {one.status for one in (first, second, past)} == {Status.APPROVED}
        assert (first.start, first.client_id, first.note) == (
            datetime(2026, 11, 24, 14, tzinfo=UTC),
            cast.kim.id,
            "Bring the plan",
        )
        assert (second.end - second.start).total_seconds() == 45 * 60 and second.source == "import"
        sams = session.exec(select(Client).where(Client.first_name == "Sam")).all()
        assert len(sams) == 1 and session.exec(select(Outbox)).all() == []
    assert brought(database, cast, GOOD) == ImportedCounts(appointments=0, unchanged=4, clients=0)


def test_every_refused_line_is_told_and_nothing_is_kept(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))
    text = GOOD + (
        "5,2026-11-24T09:30,,follow-up,ana,main-street,Max,Stone,,,,\n"
        "6,2026-11-24T09:02,,follow-up,ana,main-street,Max,Stone,,,,\n"
        "7,2026-11-26T09:00,7,yoga,ana,main-street,Max,Stone,,,,\n"
        "8,2026-03-08T02:30,,follow-up,ana,main-street,Max,,,,,\n"
    )
    told = refusals(database, cast, text)
    assert told.keys() == {"line 6", "line 7", "line 8", "line 9"}
    assert "another appointment" in told["line 6"] and "five minutes" in told["line 7"] and "yoga" not in told["line 8"]
    assert "clocks skip" in told["line 9"] and "last_name" in told["line 9"]
    with database.read() as session:
        assert session.exec(select(Appointment)).all() == [] and len(session.exec(select(Client)).all()) == 1
    assert "line 1" in refusals(database, cast, "start,who\n1,2\n")
    shifted = HEADER + "1,2026-11-24T09:00,,first-visit,ana,main-street,Kim,Lee,,,,Bring the plan, please\n"
    assert "more than 12 cells" in refusals(database, cast, shifted)["line 2"]
    assert "external_id" in refusals(database, cast, GOOD.replace(",77,", f",{'7' * 201},"))["line 5"]


def test_a_number_of_a_merged_file_is_of_the_one_that_it_is_part_of(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))
    brought(database, cast, GOOD)

    def merge(session: Session, now: datetime) -> None:
        zoe = session.exec(select(Client).where(Client.external_id == "77")).one()
        looked_at = clients.seen(session.get_one(Client, (cast.practice.id, cast.kim.id)), zoe)
        clients.merge(session, cast.dana, cast.kim.id, zoe.id, [], clients.Notes.BOTH, looked_at, now)

    database.write(merge)
    line = "9,2026-12-01T09:00,,follow-up,ben,main-street,Zoë,Ångström,,,77,\n"
    assert brought(database, cast, HEADER + line) == ImportedCounts(appointments=1, unchanged=0, clients=0)
    with database.read() as session:
        made = session.exec(select(Appointment).order_by(col(Appointment.start).desc())).first()
        assert made is not None and made.client_id == cast.kim.id


def test_events_of_a_calendar_file(database: Database) -> None:
    cast = database.write(lambda session, _: willow(session))

    def bring(session: Session, _: datetime) -> ImportedCounts:
        lines = lines_of_ics(EVENTS.encode(), "first-visit", "ana", "main-street", ZONE, UNTIL)
        return import_appointments(session, cast.practice, lines, NOW)

    assert database.write(bring) == ImportedCounts(1, 0, 0)
    assert database.write(bring) == ImportedCounts(0, 1, 0)
    with database.read() as session:
        made = session.exec(select(Appointment)).one()
    assert (made.client_id, made.start) == (cast.kim.id, datetime(2026, 11, 24, 14, tzinfo=UTC))


def events(*told: str) -> list[Line]:
    """Those of a calendar file, each of these properties, separated by blanks."""
    each = "\n".join(f"BEGIN:VEVENT\nSUMMARY:Kim Lee\n{one.replace(' ', chr(10))}\nEND:VEVENT" for one in told)
    content = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//old//EN\n{each}\nEND:VCALENDAR\n"
    return lines_of_ics(content.encode(), "first-visit", "ana", "main-street", ZONE, UNTIL)


def test_events_that_repeat_are_single_ones_at_the_same_time_by_the_clock() -> None:
    weekly = "UID:1 DTSTART;TZID=America/New_York:20270228T090000 DURATION:PT45M RRULE:FREQ=WEEKLY;UNTIL=20270321"
    left_out = "EXDATE;TZID=America/New_York:20270307T090000"
    moved = "UID:1 RECURRENCE-ID:20270321T130000Z DTSTART:20270322T120000Z DURATION:PT30M"
    lines = events(f"{weekly} {left_out}", moved)
    assert [(one.fields["start"], one.fields["minutes"]) for one in lines] == [
        ("2027-02-28T09:00:00-05:00", "45"),
        ("2027-03-14T09:00:00-04:00", "45"),
        ("2027-03-22T12:00:00+00:00", "30"),
    ]
    # Each is known again, the one that was moved by the date that it stood for.
    assert [one.fields["id"] for one in lines] == [one.fields["id"] for one in events(f"{weekly} {left_out}", moved)]
    unmoved = events(f"{weekly} {left_out}")
    assert [one.fields["id"] for one in unmoved] == [one.fields["id"] for one in lines]
    endless = events("UID:2 DTSTART:20270101T090000 DTEND:20270101T100000 RRULE:FREQ=MONTHLY RDATE:20270102T090000")
    assert len(endless) == 13 and endless[1].where == "event 1, 2027-01-02"


def test_what_is_no_appointment_in_a_calendar_file() -> None:
    cancelled = "UID:1 DTSTART:20270101T090000Z STATUS:CANCELLED"
    assert [one.fields["minutes"] for one in events(cancelled, "UID:2 DTSTART:20270101T090000Z")] == [""]
    with pytest.raises(Invalid) as error:
        events("DTSTART;VALUE=DATE:20270101", cancelled, "UID:3", "DTSTART:20000101T090000 RRULE:FREQ=DAILY")
    told = error.value.fields
    assert told.keys() == {"event 1", "event 3", "event 4"}
    assert "whole days" in told["event 1"] and "no start" in told["event 3"] and "repeats" in told["event 4"]
    with pytest.raises(Invalid) as error:
        lines_of_ics(b"hello", "first-visit", "ana", "main-street", ZONE, UNTIL)
    assert "no calendar file" in error.value.fields["file"]


def dates(*told: str) -> list[str]:
    return [one.fields["start"][5:10] for one in events(*told)]


NINE = "UID:1 DURATION:PT45M DTSTART"
YORK = "TZID=America/New_York"


def test_dates_are_left_out_whichever_of_the_times_have_a_zone() -> None:
    # Nine o'clock in winter on three Mondays; the one in the middle isn't.
    floating, zoned = f"{NINE}:20270201T090000", f"{NINE};{YORK}:20270201T090000"
    for start in (floating, zoned, f"{NINE}:20270201T140000Z"):
        for other in (":20270208T140000Z", f";{YORK}:20270208T090000", ";VALUE=DATE:20270208"):
            assert dates(f"{start} RRULE:FREQ=WEEKLY;COUNT=3 EXDATE{other}") == ["02-01", "02-15"]
            cancelled = f"UID:1 STATUS:CANCELLED DTSTART:20270208T140000Z RECURRENCE-ID{other}"
            assert dates(f"{start} RRULE:FREQ=WEEKLY;COUNT=3", cancelled) == ["02-01", "02-15"]
    assert dates(f"{zoned} RRULE:FREQ=WEEKLY;COUNT=3 EXDATE:20270208T090000") == ["02-01", "02-15"]
    for end in ("20270215T140000Z", "20270215T090000", "20270215"):
        assert dates(f"{floating} RRULE:FREQ=WEEKLY;UNTIL={end}") == ["02-01", "02-08", "02-15"]
    assert dates(f"{floating} RRULE:FREQ=WEEKLY;UNTIL=20270215T135900Z") == ["02-01", "02-08"]
    # The same date is known again when the time that it is moved from has a zone.
    ids = [one.fields["id"] for one in events(f"{floating} RRULE:FREQ=WEEKLY;COUNT=2")]
    moved = events("UID:1 RECURRENCE-ID:20270208T140000Z DTSTART:20270209T140000Z")
    assert moved[0].fields["id"] == ids[1]


def test_more_dates_and_ends_in_other_forms_than_the_start() -> None:
    lines = events("UID:1 DTSTART:20270201T090000 DTEND:20270201T143000Z RDATE:20270131T140000Z,20270201T140000Z")
    assert [one.fields["start"] for one in lines] == ["2027-01-31T14:00:00+00:00", "2027-02-01T09:00:00"]
    assert {one.fields["minutes"] for one in lines} == {"30"}
    # The start is the first date, even where the rule has others; what is farther ahead isn't entered yet.
    assert dates(f"{NINE}:20270201T090000 RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270203") == ["02-01", "02-02"]
    assert dates(f"{NINE}:20270201T090000 RDATE:20280101T090000") == ["02-01"]


def test_what_would_be_other_dates_than_were_meant_is_refused() -> None:
    weekly, utc = "RRULE:FREQ=WEEKLY;COUNT=3", f"{NINE}:20270202T010000Z"
    hours = (datetime(2027, 1, 1) + timedelta(hours=n) for n in range(1_100))
    many = ",".join(f"{one:%Y%m%dT%H%M%SZ}" for one in hours)
    refused = {
        f"{NINE};TZID=Europe/Madrid:20270201T090000 {weekly} EXDATE:20270208T090000": "with and without",
        f"{utc} {weekly} EXDATE;VALUE=DATE:20270208": "with and without",
        f"{utc} RRULE:FREQ=WEEKLY;UNTIL=20270208": "with and without",
        f"{NINE};TZID=Own:20270201T090000 {weekly} EXDATE:20270208T140000Z": "doesn't define: Own",
        f"{NINE};{YORK}:20270201T090000 {weekly} EXDATE;TZID=Own:20270208T090000": "doesn't define: Own",
        "UID:9 STATUS:CANCELLED DTSTART:20270208T140000Z RECURRENCE-ID;TZID=Own:20270208T090000": "doesn't define: Own",
        f"{NINE}:20270208T140000Z STATUS:CANCELLED RECURRENCE-ID;RANGE=THISANDFUTURE:20270208T140000Z": "single events",
        f"{NINE}:20270201T140000Z {weekly} EXRULE:FREQ=MONTHLY": "single events",
        f"{NINE}:20270201T140000Z RDATE;VALUE=DATE:20270208": "single events",
        f"{NINE}:20270201T140000Z RDATE;VALUE=PERIOD:20270208T140000Z/PT1H": "single events",
        f"{NINE}:20270201T140000Z RECURRENCE-ID:garbage": "can't be read",
        f"{NINE}:20270201T140000Z RECURRENCE-ID:20270201T140000Z RECURRENCE-ID:20270202T140000Z": "can't be read",
        f"{NINE}:20270201T140000Z {weekly} EXDATE;VALUE=PERIOD:20270208T140000Z/PT1H": "can't be read",
        f"{NINE}:20270201T140000Z RRULE:COUNT=3": "can't be read",
        f"{NINE}:20270101T000000Z RDATE:{many}": "repeats more",
    }
    with pytest.raises(Invalid) as error:
        events(*refused)
    told = error.value.fields
    assert len(told) == len(refused)
    for number, words in enumerate(refused.values(), 1):
        assert words in told[f"event {number}"]


LIST = f"{HEADER}1,2026-11-24T09:00,,first-visit,ana,,Zoë,Lee,,,,\n".replace(",", ";")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list_is_read_as_a_spreadsheet_program_saves_it(encoding: str) -> None:
    # With columns that were cleared.
    (line,) = lines_of_csv(LIST.replace("\n", ";;\n").encode(encoding))
    assert line.fields["first_name"] == "Zoë" and line.where == "line 2"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (LIST.encode("cp1252"), "CSV UTF-8"),
        (LIST.encode() + b"2;\x91\n", "CSV UTF-8"),
        (LIST.encode("utf-8-sig") + b"2;\xff\n", "CSV UTF-8"),
        (HEADER.encode(), "no appointment in this file"),
        (LIST.replace("note", ";note").encode(), "Unknown: column 12, without a name."),
        (LIST.replace("\n", ";;\n").replace("Lee;;;;;;", "Lee;;;;;more;").encode(), "more than 12 cells"),
    ],
)
def test_no_letter_and_no_column_of_a_list_is_guessed(content: bytes, told: str) -> None:
    with pytest.raises(Invalid) as error:
        lines_of_csv(content)
    assert told in next(iter(error.value.fields.values()))


def test_the_command(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database(sqlite_url)
    database.write(lambda session, _: willow(session))
    database.close()
    shell = Shell(tmp_path, monkeypatch, capsys, PENCILIN_DATABASE_URL=sqlite_url)
    good, events = shell.write("old.csv", GOOD), shell.write("old.ics", EVENTS)
    said = shell.works("appointments", "import", good, "--practice", "willow")
    assert said == "4 entered, 0 there already; 2 new clients.\n"
    assert "needs --service" in shell.run("appointments", "import", events, "--practice", "willow").complaint
    whose = ("--practice", "willow", "--service", "first-visit", "--practitioner", "ana", "--location")
    assert "none that is called so" in shell.run("appointments", "import", events, *whose, "nowhere").complaint
    later = shell.write("later.ics", EVENTS.replace("20261124T", "20261130T"))
    assert shell.works("appointments", "import", later, *whose, "main-street").startswith("1 entered")
    assert "no practice" in shell.run("appointments", "import", good, "--practice", "nobody").complaint
