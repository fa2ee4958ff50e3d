"""Settings → Booking rules: units people use, each refusal at its field, and two managers at once."""

import pytest
from sqlmodel import select

from pencilin.database import Database
from pencilin.models import AuditEntry, Practice
from tests.screens import signed_in
from tests.staff_site import Forms, Site, site

RULES = "/settings/rules"
AS_IT_IS = {
    "notice_minutes": ["4", "hours"],
    "horizon_days": ["60", "days"],
    "step": ["15", "minutes"],
    "daily_cap": ["0", "appointments"],
    "hold_minutes": ["10", "minutes"],
    "cancel_notice_minutes": ["24", "hours"],
    "review_open_hours": ["8", "open hours"],
    "ask_phone": "required",
    "ask_birth_date": "optional",
    "ask_returning": "optional",
    "ask_note": "optional",
}


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def practice(here: Site) -> Practice:
    with here.database.read() as session:
        return session.get_one(Practice, here.cast.practice.id)


def noted(here: Site) -> list[list[str]]:
    with here.database.read() as session:
        return [
            one.fields for one in session.exec(select(AuditEntry).where(AuditEntry.action == "practice.rules_changed"))
        ]


def test_saving_what_is_shown_changes_nothing_and_what_is_typed_is_stored_in_minutes(here: Site) -> None:
    browser = signed_in(here, "mona")
    page = browser.get(RULES)
    was = Forms(page.text).forms[RULES]
    assert {was[f"was_{name}"] for name in AS_IT_IS} == {
        value if isinstance(value, str) else "\n".join(value) for value in AS_IT_IS.values()
    }
    before = practice(here)
    told = browser.follow(browser.client.post(RULES, data=was | AS_IT_IS, headers={"Origin": browser.url}))
    assert "Nothing was changed." in told.text and practice(here) == before and noted(here) == []
    typed = AS_IT_IS | {"notice_minutes": ["2", "days"], "daily_cap": ["6", "appointments"], "ask_phone": "optional"}
    told = browser.follow(browser.client.post(RULES, data=was | typed, headers={"Origin": browser.url}))
    assert "Saved." in told.text and 'value="2\ndays"' in told.text
    after = practice(here)
    assert (after.notice_minutes, after.daily_cap, after.asks) == (2880, 6, {"phone": "optional"})
    assert noted(here) == [["notice_minutes", "daily_cap", "asks.phone"]]


def test_each_wrong_value_is_told_at_its_field_and_nothing_is_half_saved(here: Site) -> None:
    browser = signed_in(here, "mona")
    was = Forms(browser.get(RULES).text).forms[RULES]
    wrong = {"notice_minutes": ["x", "hours"], "horizon_days": ["731", "days"], "step": ["7", "minutes"],
             "hold_minutes": ["61", "minutes"], "daily_cap": ["5", "appointments"], "ask_note": "perhaps"}  # fmt: skip
    told = browser.client.post(RULES, data=was | AS_IT_IS | wrong, headers={"Origin": browser.url})
    assert told.status_code == 422
    assert "Enter a whole number from 0 to 8760 (hours)." in told.text and "from 1 to 730 (days)" in told.text
    assert "Enter a multiple of 5 minutes." in told.text and "from 5 to 60 (minutes)" in told.text
    assert 'name="daily_cap" value="5"' in told.text and 'name="notice_minutes" value="x"' in told.text
    assert practice(here).daily_cap == 0 and noted(here) == []


def test_of_two_managers_the_second_sees_what_the_first_changed(here: Site) -> None:
    mona, other = signed_in(here, "mona"), signed_in(here, "mona")
    was = Forms(other.get(RULES).text).forms[RULES]
    first = {"notice_minutes": ["2", "days"], "horizon_days": ["90", "days"]}
    mona.client.post(RULES, data=Forms(mona.get(RULES).text).forms[RULES] | AS_IT_IS | first)
    typed = AS_IT_IS | {"notice_minutes": ["6", "hours"]}
    told = other.client.post(RULES, data=was | typed)
    assert told.status_code == 422 and "It says now: <bdi>2 days</bdi>" in told.text
    told = other.follow(other.client.post(RULES, data=Forms(told.text).forms[RULES] | typed))
    assert (practice(here).notice_minutes, practice(here).horizon_days) == (360, 90)
