"""Settings → Working hours: one form for a week, read and refused like a practice file, and never converted."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from pencilin import practices
from pencilin.database import Database
from pencilin.models import AuditEntry, Location, Practitioner, WorkingHours
from pencilin.practices import hours
from pencilin.practices.schedules import weekly_rule
from pencilin.practices.shapes import DAYS, HoursTable
from pencilin.practices.stored import hours_of
from tests import oracle
from tests.desk import Desk
from tests.screens import asked, signed_in
from tests.staff_site import Browser, Forms, Site, site

RULE = {"days": ["mon"], "from": "9", "to": "12:30", "locations": ["main-street"]}
# How the form says that it holds more than what is saved.
UNSAVED = 'data-guard="unsaved"'


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


NO_HOURS_FOR_BEN = """
[practice]
slug = "willow"

[[practitioner]]
slug = "ben"
hours = []
"""


def address(here: Site, of: str = "ana") -> str:
    return f"/settings/practitioners/{getattr(here.cast, of).id}/hours"


def send(
    browser: Browser, page: Response, path: str, *rules: dict[str, Any], act: str = "save", **more: Any
) -> Response:
    """The page's form with these rules in it."""
    hidden = Forms(page.text).forms[path]
    data: dict[str, Any] = {"csrf": hidden["csrf"], "was": hidden["was"], "act": act, **more}
    data["rule"] = [str(number) for number in range(len(rules))]
    for number, rule in enumerate(rules):
        data |= {f"{key}-{number}": value for key, value in rule.items()}
    return browser.client.post(path, data=data, headers={"Origin": browser.url})


def exported(here: Site, of: str = "ana") -> list[dict[str, Any]]:
    with here.database.read() as session:
        return hours_of(session, getattr(here.cast, of))


def noted(here: Site) -> int:
    with here.database.read() as session:
        return len(session.exec(select(AuditEntry).where(AuditEntry.action == "practitioner.hours_changed")).all())


def as_shown(rule: dict[str, Any]) -> dict[str, Any]:
    return {key: value if isinstance(value, list) else str(value) for key, value in rule.items()}


def test_times_are_read_as_people_write_them_and_saving_what_is_shown_changes_nothing(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    late = RULE | {"days": ["tue"], "from": "5.30 pm", "to": "24:00", "locations": ["video", "main-street"]}
    told = browser.follow(
        send(browser, browser.get(path), path, RULE, late | {"every_weeks": "2", "first_week_of": "2026-11-24"})
    )
    assert "Saved the hours of Ana Ruiz." in told.text and "Every 2 weeks, next: Nov 24, Dec 8" in told.text
    stored = exported(here)
    assert [(one["from"], one["to"]) for one in stored] == [("09:00", "12:30"), ("17:30", "24:00")]
    for _ in range(2):
        told = browser.follow(send(browser, browser.get(path), path, *map(as_shown, stored)))
        assert "Nothing was changed." in told.text and exported(here) == stored and noted(here) == 1


def test_each_wrong_rule_is_told_where_it_stands_and_everything_typed_is_kept(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    before = exported(here)
    for wrong, reason in (
        ({"to": "8:00"}, "This should be later than the start."),
        ({"from": "nine"}, "Enter a time, like 9:00 or 17:30."),
        ({"from": "9:02"}, "Enter a time on five minutes"),
        ({"days": []}, "Choose at least one day."),
        ({"locations": []}, "Choose at least one location."),
        ({"every_weeks": "2"}, "Enter a date in a week that counts."),
        ({"every_weeks": "0"}, "This should be 1 or more."),
        ({"valid_from": "2026-12-01", "valid_until": "2026-11-01"}, "This should not be before the first day."),
        ({"valid_until": "9999-12-31"}, "Enter a date."),
        (
            {"from": "12:00", "to": "13:00"},
            "Overlaps Mon 09:00–12:30 at Main Street, first on Monday, November 23, 2026.",
        ),
    ):
        told = send(browser, browser.get(path), path, RULE, RULE | {"from": "13:00", "to": "15:00"} | wrong)
        assert told.status_code == 422 and reason in told.text, wrong
        assert 'value="12:30"' in told.text and 'aria-invalid="true"' in told.text
    assert exported(here) == before and noted(here) == 0


def test_nobody_is_at_two_places_at_once(here: Site) -> None:
    def annex(session: Session, now: datetime) -> None:
        session.add(
            Location(
                practice_id=here.cast.practice.id, slug="annex", name="Annex", timezone="America/New_York", country="US"
            )
        )

    here.database.write(annex)
    browser, path = signed_in(here, "mona"), address(here)
    told = send(browser, browser.get(path), path, RULE | {"locations": ["main-street", "annex"]})
    assert told.status_code == 422 and "nobody is at both at once" in told.text
    told = send(browser, browser.get(path), path, RULE, RULE | {"from": "11", "to": "14", "locations": ["annex"]})
    assert told.status_code == 422 and "Overlaps Mon 09:00–12:30 at Main Street" in told.text


def test_rules_come_and_go_without_a_script_and_nothing_is_saved_meanwhile(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    assert UNSAVED not in browser.get(path).text
    told = send(browser, browser.get(path), path, RULE, act="add")
    assert told.status_code == 200 and told.text.count('name="rule"') == 2 and "Nothing is saved until" in told.text
    assert UNSAVED in told.text
    told = send(browser, told, path, RULE, RULE | {"from": "14"}, act="remove-0")
    assert told.text.count('name="rule"') == 1 and 'value="14"' in told.text and noted(here) == 0
    assert UNSAVED in told.text


def test_appointments_that_would_lie_outside_are_listed_first_and_stay(here: Site) -> None:
    browser, path = signed_in(here, "mona"), address(here)
    request = asked(here)  # Tuesday at nine
    told = send(browser, browser.get(path), path, RULE)
    assert told.status_code == 409 and noted(here) == 0
    assert "1 appointment would then lie outside" in told.text and "Kim Lee" in told.text
    assert "Tue, Nov 24, 9:00 AM" in told.text and f'name="seen" value="{request}"' in told.text
    told = browser.follow(send(browser, told, path, RULE, seen=[request]))
    assert "Saved the hours" in told.text and noted(here) == 1
    # It lies outside already: that is no news.
    told = browser.follow(send(browser, browser.get(path), path, RULE | {"to": "13:00"}))
    assert "Saved the hours" in told.text
    assert Desk(here.database, here.cast).look(request).status.value == "tentative"


def test_of_two_managers_the_second_sees_what_the_first_saved(here: Site) -> None:
    mona, other, path = signed_in(here, "mona"), signed_in(here, "mona"), address(here)
    page = other.get(path)
    send(mona, mona.get(path), path, RULE)
    told = send(other, page, path, RULE | {"from": "10:00"})
    assert told.status_code == 409 and "They are now:" in told.text and "09:00–12:30" in told.text
    assert 'value="10:00"' in told.text and exported(here)[0]["from"] == "09:00"
    other.follow(send(other, told, path, RULE | {"from": "10:00"}))
    assert exported(here)[0]["from"] == "10:00"


def test_hours_are_copied_to_whom_one_chose_after_seeing_theirs(here: Site) -> None:
    browser, path = signed_in(here, "mona"), f"{address(here)}/copy"
    page, before = browser.get(path), exported(here, "ben")
    assert "What would be replaced: the week of Ben Osei" in page.text
    told = browser.submit(page, path)
    assert told.status_code == 422 and "Choose whose hours" in told.text
    told = browser.follow(browser.submit(page, path, to=here.cast.ben.id))
    assert "Copied the hours of Ana Ruiz to Ben Osei." in told.text
    assert exported(here, "ben") == exported(here)
    again = browser.submit(page, path, to=here.cast.ben.id)
    assert "They have these hours already." in browser.follow(again).text
    assert "Taken back" in browser.follow(browser.submit(told, f"{path}/removal")).text
    assert exported(here, "ben") == before
    here.database.write(lambda session, _: practices.load(session, NO_HOURS_FOR_BEN, here.now))
    assert "Not taken back: somebody changed" in browser.follow(browser.submit(told, f"{path}/removal")).text
    assert "Not taken back" in browser.follow(browser.submit(told, f"{path}/removal", before="{1}")).text
    assert exported(here, "ben") == []


def test_copied_hours_are_not_taken_back_from_under_an_appointment(here: Site) -> None:
    browser, path = signed_in(here, "mona"), f"{address(here)}/copy"
    here.database.write(lambda session, _: practices.load(session, NO_HOURS_FOR_BEN, here.now))
    told = browser.follow(browser.submit(browser.get(path), path, to=here.cast.ben.id))
    asked(here, practitioner=here.cast.ben)
    told = browser.follow(browser.submit(told, f"{path}/removal"))
    assert "Not taken back: there are appointments" in told.text and exported(here, "ben") == exported(here)


def test_whom_copying_touches_is_listed_for_all_at_once(here: Site) -> None:
    browser, path = signed_in(here, "mona"), f"/settings/practitioners/{here.cast.ben.id}/hours"

    def third(session: Session, now: datetime) -> str:
        row = Practitioner(practice_id=here.cast.practice.id, slug="cleo", name="Cleo Brandt", position=2)
        session.add(row)
        return row.id

    cleo = here.database.write(third)
    requests = [asked(here), asked(here, practitioner=here.cast.ben, hours=1)]
    source = f"/settings/practitioners/{cleo}/hours/copy"
    page = browser.get(source)
    fields = Forms(page.text).forms[source] | {"to": [here.cast.ana.id, here.cast.ben.id]}
    told = browser.client.post(source, data=fields)
    assert told.status_code == 409 and all(f'name="seen" value="{one}"' in told.text for one in requests)
    assert exported(here) != []
    browser.client.post(source, data=fields | {"seen": requests})
    assert exported(here) == [] and exported(here, "ben") == [] and browser.get(path).status_code == 200


rules = st.fixed_dictionaries(
    {
        "days": st.sets(st.sampled_from(DAYS), min_size=1).map(lambda days: sorted(days, key=DAYS.index)),
        "from": st.integers(0, 280).map(lambda tick: f"{tick * 5 // 60:02}:{tick * 5 % 60:02}"),
        "to": st.integers(281, 288).map(lambda tick: f"{tick * 5 // 60:02}:{tick * 5 % 60:02}"),
        "locations": st.sampled_from([["main-street"], ["video"], ["main-street", "video"]]),
        "every_weeks": st.integers(1, 3),
        "first_week_of": st.integers(0, 20).map(lambda days: date(2026, 11, 2) + timedelta(days=days)),
    },
    optional={"valid_until": st.integers(0, 90).map(lambda days: date(2026, 11, 20) + timedelta(days=days))},
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(wanted=st.lists(rules, min_size=1, max_size=3))
def test_what_the_form_saves_is_what_a_file_says_and_overlaps_are_refused_exactly_when_they_exist(
    here: Site, wanted: list[dict[str, Any]]
) -> None:
    browser, path = signed_in(here, "mona"), address(here)

    def clear(session: Session, now: datetime) -> None:
        for row in session.exec(select(WorkingHours).where(WorkingHours.practitioner_id == here.cast.ana.id)):
            session.delete(row)

    here.database.write(clear)
    told = send(browser, browser.get(path), path, *map(as_shown, wanted))
    read = [weekly_rule(HoursTable.model_validate(one)) for one in wanted]
    days = [date(2026, 11, 2) + timedelta(days=number) for number in range(150)]

    # All of them end in the last hour of the day, so that two of one date overlap.
    clash = any(sum(oracle.in_force(rule, day) for rule in read) > 1 for day in days)
    assert told.status_code == (422 if clash else 303)
    if not clash:
        text = here.database.write(lambda session, _: practices.export(session, here.cast.practice))
        stored = exported(here)
        before = stored
        assert sorted((one["days"], one["from"], one["to"]) for one in stored) == sorted(
            (one["days"], one["from"], one["to"]) for one in wanted
        )
        # The file that it makes loads as it is, and changes nothing.
        loaded = here.database.write(lambda session, now: practices.load(session, text, now))
        assert loaded.changed == () and exported(here) == before
        for _ in range(2):
            send(browser, browser.get(path), path, *map(as_shown, stored))
            assert exported(here) == before


def test_times_in_many_spellings() -> None:
    for typed, read in (
        ("9", "09:00"),
        ("9.30", "09:30"),
        ("12 am", "00:00"),
        ("12:15 pm", "12:15"),
        ("24:00", "24:00"),
    ):
        assert hours.read_time(typed) == read
    for typed in ("", "13 pm", "9:5", "soon"):
        assert hours.read_time(typed) == typed
