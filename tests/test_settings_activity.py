"""Settings → Activity: the audit trail in words, filtered, a page at a time, and as a file that runs no formula."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from pencilin import activity, audit
from pencilin.activity import After, Filters
from pencilin.database import Database
from pencilin.models import ActorKind, AuditEntry, Staff
from pencilin.rules.spreadsheet import as_csv
from tests.cast import NOW, willow
from tests.screens import asked, link_kim, signed_in
from tests.staff_site import Site, site, tells

ACTIVITY = "/settings/activity"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def test_what_was_done_reads_in_words_with_a_way_to_it(here: Site) -> None:
    appointment = asked(here)
    link_kim(here, signed_in(here, "dana"), appointment)
    page = signed_in(here, "mona").get(ACTIVITY).text
    assert "Linked an appointment to a client" in page and "Requested an appointment" in page
    assert "<bdi>A client</bdi>" in page and "<bdi>Dana</bdi>" in page
    assert f'href="/appointments/{appointment}"' in page and "Nov 23, 2026, 7:00 AM" in page
    assert not tells(page, "Kim", "Lee")


def test_what_settings_change_is_named(here: Site) -> None:
    mona, service = signed_in(here, "mona"), f"/settings/services/{here.cast.first_visit.id}"
    mona.submit(mona.get(service), f"{service}/archive")
    page = mona.get(ACTIVITY).text
    assert f'<a href="{service}"><bdi>First visit</bdi></a>' in page.rpartition("Archived a service")[2]


def test_filters_narrow_it_down(here: Site) -> None:
    appointment = asked(here)
    link_kim(here, signed_in(here, "dana"), appointment)
    mona = signed_in(here, "mona")

    def told(query: str) -> str:
        return mona.get(f"{ACTIVITY}?{query}").text.split("</form>")[-2 if "Nothing fits" in query else -1]

    assert "Requested an" not in told(f"person={here.cast.dana.id}") and "Linked" in told(f"person={here.cast.dana.id}")
    assert "Linked" not in told("action=appointment.requested")
    assert "Signed in" not in told(f"subject={appointment}") and "Requested" in told(f"subject={appointment}")
    assert "Nothing fits" in mona.get(f"{ACTIVITY}?until=2026-11-22").text
    assert "Linked" in told("since=2026-11-23&until=2026-11-23")
    for query, field in (("since=yesterday", "since"), ("since=2026-11-24&until=2026-11-23", "until")):
        page = mona.get(f"{ACTIVITY}?{query}")
        assert page.status_code == 422 and f'id="{field}-error"' in page.text
    assert mona.get(f"{ACTIVITY}?after=x~y&person=%27").status_code == 422


def test_nothing_of_another_practice(here: Site) -> None:
    appointment = asked(here)
    stranger = here.browser()
    stranger.sign_in("mona@birch.example")
    assert "Requested" not in stranger.get(f"{ACTIVITY}?subject={appointment}").text.split("</form>")[-1]


def test_an_empty_trail_says_what_will_be_there(here: Site) -> None:
    page = signed_in(here, "mona").get(f"{ACTIVITY}?action=client.created").text
    assert "Nothing fits" in page and "Show everything" in page


def test_a_days_end_is_the_practices(database: Database) -> None:
    """In the night to November 1 the clocks of New York go back: that Sunday has 25 hours."""

    def fill(session: Session, _: datetime) -> str:
        practice = willow(session).practice
        for hour in range(72):
            at = datetime(2026, 10, 31, 0, 30, tzinfo=UTC) + timedelta(hours=hour)
            audit.record(session, at, practice.id, ActorKind.SYSTEM, "client.created", "client", "0" * 32)
        return practice.id

    practice = database.write(fill)
    day = datetime(2026, 11, 1).date()
    with database.read() as session:
        found = activity.entries(session, practice, "America/New_York", Filters(since=day, until=day), most=100)
    assert len(found) == 25


def test_pages_follow_each_other_without_gap_or_repeat_also_within_one_instant(database: Database) -> None:
    def fill(session: Session, _: datetime) -> str:
        practice = willow(session).practice
        for number in range(40):
            at = NOW + timedelta(seconds=number // 10)
            audit.record(session, at, practice.id, ActorKind.SYSTEM, "client.created", "client", f"{number:032x}")
        return practice.id

    practice = database.write(fill)
    seen: list[AuditEntry] = []
    after = None
    while True:
        with database.read() as session:
            page = activity.entries(session, practice, "UTC", Filters(), after, most=7)
        seen += page
        if len(page) < 7:
            break
        after = After(page[-1].at, page[-1].id)
    assert len({entry.id for entry in seen}) == len(seen) == 40
    assert [entry.at for entry in seen] == sorted((entry.at for entry in seen), reverse=True)


def test_older_entries_are_a_link_away(here: Site) -> None:
    def fill(session: Session, _: datetime) -> None:
        dana = session.get_one(Staff, (here.cast.practice.id, here.cast.dana.id))
        for number in range(60):
            audit.record(
                session, NOW + timedelta(seconds=number), dana.practice_id, dana, "client.created", "client", "0" * 32
            )

    here.database.write(fill)
    mona = signed_in(here, "mona")
    address = f"{ACTIVITY}?action=client.created"
    first = mona.get(address).text
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = mona.get(older).text
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 11)
    assert 'rel="next"' not in second and ">Newest</a>" in second


def test_the_export_is_recorded_and_complete(here: Site) -> None:
    asked(here)

    def rename(session: Session, _: datetime) -> None:
        session.get_one(Staff, (here.cast.practice.id, here.cast.mona.id)).name = "=HYPERLINK(1)"

    here.database.write(rename)
    mona = signed_in(here, "mona")
    answer = mona.submit(mona.get(ACTIVITY), f"{ACTIVITY}/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="activity-2026-11-23.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Action"] for row in rows} == {"activity.exported", "appointment.requested", "staff.signed_in"}
    assert rows[0]["Time"] == "2026-11-23T07:00:00-05:00"
    assert {row["Who"] for row in rows} == {"A client", "'=HYPERLINK(1)"}
    with here.database.read() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "activity.exported")).one()
    assert entry.staff_id == here.cast.mona.id


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    (row,) = list(csv.reader(io.StringIO(as_csv([], [[cell, "Dana", -1, None]]).lstrip("\ufeff"), newline="")))[1:]
    assert row == [f"'{cell}", "Dana", "-1", ""]
