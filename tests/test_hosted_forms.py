"""The hosted page's forms: one booking per form, nothing typed is lost, nothing is done that wasn't asked for here."""

import re

import pytest
from httpx2 import Response
from sqlmodel import Session, select

from pencilin import limits
from pencilin.database import Database
from pencilin.errors import Unavailable
from pencilin.models import Appointment, BookableBy, Reservation, Service
from pencilin.rules.states import Purpose
from tests.public_api import KIM, book, wanted
from tests.staff_site import Browser, Forms, Site, site, tells

PAGE = "/book/willow"
TIMES, HOLDS, BOOKINGS = f"{PAGE}/times", f"{PAGE}/holds", f"{PAGE}/bookings"
TEN = "2026-11-24T10:00:00-05:00"
TYPED = {f"client.{name}": value for name, value in KIM.items()} | {"note": "My knee <hurts>", "consent": "yes"}
FORM = "service=first-visit&practitioner=ana&location=main-street"


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


@pytest.fixture
def light(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def booked(here: Site) -> list[Appointment]:
    with here.database.read() as session:
        return list(session.exec(select(Appointment)))


def held(here: Site) -> list[Reservation]:
    with here.database.read() as session:
        return list(session.exec(select(Reservation).where(Reservation.purpose == Purpose.HOLD)))


def hold(browser: Browser, start: str = TEN) -> Response:
    """The form, with the time held for it."""
    answer = browser.submit(browser.get(f"{PAGE}?{FORM}"), HOLDS, start=start)
    assert answer.status_code == 303
    return browser.follow(answer)


def send(browser: Browser, form: Response, **changes: str) -> Response:
    return browser.submit(form, BOOKINGS, **(TYPED | changes))


def kept(answer: Response) -> bool:
    """Whether everything that was typed is in the form again."""
    fields = Forms(answer.text).forms[BOOKINGS]
    same = all(fields[name] == value for name, value in TYPED.items() if name.startswith("client."))
    return same and "My knee &lt;hurts&gt;</textarea>" in answer.text and 'value="yes" checked' in answer.text


def test_a_form_sent_twice_books_once(here: Site) -> None:
    browser = here.browser()
    times = browser.get(f"{PAGE}?{FORM}")
    assert held(here) == []
    first, second = (browser.submit(times, HOLDS, start=TEN) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(held(here)) == 1
    form = browser.follow(first)
    assert "Held for you until 7:10 AM" in form.text
    sent, again, corrected = send(browser, form), send(browser, form), send(browser, form, note="My other knee")
    assert sent.status_code == again.status_code == corrected.status_code == 303
    (made,) = booked(here)
    assert (made.note, made.lang, made.status.value) == ("My knee <hurts>", "en", "tentative")
    assert made.source == "hosted"
    assert held(here) == []
    for answer in (sent, again, corrected):
        address = answer.headers["location"]
        assert address.startswith(f"{PAGE}/received/") and not tells(address, "Kim")
        shown = browser.get(address)
        assert shown.headers["cache-control"] == "no-store"
        for text in ("Request received", made.reference, "We wrote to k…@mail.example", "/manage/", "/calendar-feed/"):
            assert text in shown.text
    assert len(booked(here)) == 1


def test_another_visit_sent_with_a_booked_form_is_neither_swallowed_nor_booked_unasked(light: Site) -> None:
    browser = light.browser()
    form = hold(browser)
    first = send(browser, form)
    for changed in ({"start": "2026-11-24T13:00:00-05:00"}, {"client.first_name": "Robin"}):
        again = send(browser, form, **changed)
        assert again.status_code == 422 and "This one isn’t requested yet" in again.text
        fields = Forms(again.text).forms[BOOKINGS]
        assert all(fields[name] == value for name, value in (TYPED | changed).items() if name in fields)
        assert "My knee &lt;hurts&gt;</textarea>" in again.text
    assert len(booked(light)) == 1
    other = send(browser, send(browser, form, start="2026-11-24T13:00:00-05:00"))
    assert other.status_code == 303 and "/received/" in other.headers["location"] and len(booked(light)) == 2
    assert browser.follow(other).text != browser.follow(first).text


def test_what_is_wrong_is_said_at_each_field_and_in_a_summary(light: Site) -> None:
    browser = light.browser()
    answer = send(browser, hold(browser), **{"client.phone": "12", "birth_day": "31", "birth_month": "2"})
    assert answer.status_code == 422
    assert '<a href="#client.phone"><bdi>Phone</bdi></a>: Enter a phone number with at least 6 digits.' in answer.text
    assert 'aria-describedby="client.phone-error" aria-invalid="true"' in answer.text
    assert '<a href="#birth_day"><bdi>Date of birth</bdi></a>: Enter a real date' in answer.text
    assert 'name="birth_day" type="text" value="31"' in answer.text
    assert "Please check these fields" in answer.text.split("</title>")[0]
    # What only the server's own rules know comes back in the same way.
    answer = send(browser, answer, **{"birth_day": "", "birth_month": "", "client.email": "a@b..cd"})
    assert answer.status_code == 422 and "Check the part after the @" in answer.text
    assert not booked(light)
    assert send(browser, answer).status_code == 303 and len(booked(light)) == 1


def test_a_form_that_was_open_too_long_comes_back_whole(light: Site) -> None:
    browser = light.browser()
    form = hold(browser)
    light.later(hours=14)
    old = send(browser, form)
    assert old.status_code == 422 and "open for a long time" in old.text and kept(old)
    assert "The hold has ended. You can still book this time while it is free." in old.text
    assert send(browser, old).status_code == 303
    assert len(booked(light)) == 1
    # The one before has no booking of its own; the one that has leads there, however old it is.
    light.later(hours=14)
    assert "/received/" in send(browser, old).headers["location"]


def test_only_our_own_forms_are_taken(light: Site) -> None:
    browser = light.browser()
    form = Forms(hold(browser).text).forms[BOOKINGS]
    birch = Forms(browser.get(f"/book/birch?{FORM}").text).forms["/book/birch/holds"]["form"]
    sign_in = Forms(browser.get("/login?other").text).forms["/login"]["form"]
    holds = len(held(light))
    for wrong in ("", "x", form["form"][:-2], birch, sign_in):
        for action in (TIMES, HOLDS, BOOKINGS):
            answer = browser.post(action, form | TYPED | {"form": wrong, "start": "2026-11-24T12:00:00-05:00"})
            assert answer.status_code == 403 and "our own form" in answer.text
    assert not booked(light) and len(held(light)) == holds
    # The control: with its own token it is taken, whatever page it says it comes from.
    assert browser.post(BOOKINGS, form | TYPED, Origin="null").status_code == 303


def test_what_only_programs_fill_in_stops_the_form(light: Site) -> None:
    browser = light.browser()
    form = hold(browser)
    trapped = send(browser, form, confirm_visit="https://cheap.example")
    assert trapped.status_code == 422 and "hidden field" in trapped.text and kept(trapped)
    assert "cheap.example" not in trapped.text and not booked(light)
    assert send(browser, trapped).status_code == 303


def test_the_limits_are_those_of_the_api(light: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BOOKINGS_NETWORK", limits.BOOKINGS_NETWORK._replace(tries=1))
    browser = light.browser()
    form = hold(browser)
    assert book(browser.client, wanted(start="2026-11-25T09:00:00-05:00")).status_code == 201
    slow = send(browser, form)
    assert slow.status_code == 429 and int(slow.headers["retry-after"]) > 0 and kept(slow)
    assert "Nothing you typed is lost" in slow.text and "Or call +1 212 555 0100." in slow.text
    light.later(hours=1)
    assert send(browser, slow).status_code == 303


def test_when_nothing_can_be_saved_the_form_stays(light: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = light.browser()
    form, times = hold(browser), browser.get(f"{PAGE}?{FORM}")

    def full(*_: object) -> None:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(light.database, "write", full)
        answers = send(browser, form), browser.submit(times, HOLDS, start="2026-11-24T13:00:00-05:00")
    assert [(one.status_code, one.headers["retry-after"]) for one in answers] == [(503, "30")] * 2
    assert kept(answers[0]) and "the request was not sent" in answers[0].text
    assert send(browser, answers[0]).status_code == 303


def test_a_lost_time_offers_others_and_keeps_the_text(light: Site) -> None:
    browser = light.browser()
    form = hold(browser)
    light.later(minutes=11)
    assert book(browser.client, wanted(start=TEN, practitioner="ana")).status_code == 201
    lost = send(browser, form)
    assert lost.status_code == 409 and "That time has just been taken" in lost.text and kept(lost)
    other = re.findall(r'name="other" value="([^"]+)"', lost.text)
    assert len(other) == 6 and TEN not in other and sorted(other) == other
    assert "Tue, Nov 24, 11:00 AM" in lost.text
    anew = browser.submit(lost, HOLDS, **TYPED, other=other[2])
    assert anew.status_code == 200 and kept(anew) and "Held for you until" in anew.text
    assert send(browser, anew).status_code == 303
    assert sorted(one.start.isoformat() for one in booked(light))[1] > "2026-11-24T15:00"


def test_another_time_is_chosen_without_losing_the_text(light: Site) -> None:
    browser = light.browser()
    form = hold(browser)
    times = browser.submit(form, TIMES, **TYPED, day="2026-11-24")
    assert times.status_code == 200 and held(light) == []
    assert "Tuesday, November 24, 2026" in times.text and "10:00 AM" in times.text
    assert Forms(times.text).forms[TIMES]["client.email"] == KIM["email"]
    december = browser.submit(times, TIMES, month="2026-12")
    anew = browser.submit(december, HOLDS, start="2026-12-01T09:00:00-05:00")
    assert anew.status_code == 200 and kept(anew)
    # Who hasn't typed anything gets an address that can be loaded again.
    plain = browser.submit(hold(browser), TIMES, day="2026-11-24", returning="")
    assert plain.status_code == 303 and "day=2026-11-24" in plain.headers["location"]


def test_a_new_hold_takes_the_place_of_the_earlier_one(here: Site) -> None:
    browser, somebody = here.browser(), here.browser("203.0.113.8")
    hold(somebody, "2026-11-25T09:00:00-05:00")
    times = browser.get(f"{PAGE}?{FORM}")
    for start in (TEN, "2026-11-24T13:00:00-05:00"):  # Back in the browser, and another one
        form = browser.follow(browser.submit(times, HOLDS, start=start))
    assert sorted(one.start.day * 100 + one.start.hour for one in held(here)) == [2418, 2514]
    # Out of the form, with a token of its own, to another time.
    typed = Forms(form.text).forms[BOOKINGS] | TYPED
    assert browser.post(HOLDS, typed | {"other": TEN}).status_code == 200
    assert sorted(one.start.day * 100 + one.start.hour for one in held(here)) == [2415, 2514]
    # What can't be held lets nothing go.
    assert browser.post(HOLDS, typed | {"other": "2026-11-25T09:00:00-05:00"}).status_code == 409
    assert sorted(one.start.day * 100 + one.start.hour for one in held(here)) == [2415, 2514]


def test_looking_changes_nothing(light: Site) -> None:
    browser = light.browser()
    form = hold(browser)
    receipt = send(browser, form).headers["location"]
    once_held = hold(browser, "2026-11-24T13:00:00-05:00")
    hold_id = Forms(once_held.text).forms[BOOKINGS]["hold"]

    def state() -> object:
        with light.database.read() as session:
            return [row.model_dump() for kind in (Appointment, Reservation) for row in session.exec(select(kind))]

    before = state()
    address = f"{PAGE}?{FORM}&start=2026-11-24T13:00:00-05:00&hold={hold_id}"
    for path in (PAGE, f"{PAGE}?{FORM}", address, f"{PAGE}?step=service", receipt, TIMES, HOLDS, BOOKINGS):
        for method in ("GET", "HEAD"):
            answer = browser.client.request(method, path, headers={"Accept": "text/html"})
            assert answer.status_code == (303 if path in (TIMES, HOLDS, BOOKINGS) else 200)
    assert state() == before


def test_a_hold_is_kept_longer_at_most_twice(light: Site) -> None:
    browser = light.browser()
    form = hold(browser)
    for until in ("7:15 AM", "7:20 AM"):
        light.later(minutes=5)
        form = browser.submit(form, BOOKINGS, **TYPED, act="longer")
        assert form.status_code == 200 and f"Held for you until {until}" in form.text and kept(form)
    assert "Keep it longer" not in form.text and not booked(light)


def test_a_service_for_new_people_says_so(light: Site) -> None:
    def only_new(session: Session, now: object) -> None:
        session.exec(select(Service).where(Service.slug == "first-visit")).first().booking = BookableBy.NEW  # type: ignore[union-attr]

    light.database.write(only_new)
    browser = light.browser()
    answer = send(browser, hold(browser), returning="yes")
    assert answer.status_code == 422 and "haven&#39;t been here before" in answer.text
