"""Somebody else is faster, or the hold has ended: the visitor loses a time, never what was typed."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import Session, select

from pencilin import holds
from pencilin.availability import wish
from pencilin.catalogue import find_practice, read_catalogue
from pencilin.models import Appointment, Reservation
from tests.widget_site import Booking, booking, eventually, held_back

HALF_PAST_ELEVEN = datetime.fromisoformat("2026-11-23T11:30:00-05:00")


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def somebody_takes_it(here: Booking, practitioners: int = 2) -> None:
    """Other visitors hold 11:30 with as many practitioners."""

    def work(session: Session, now: datetime) -> None:
        catalogue = read_catalogue(session, find_practice(session, "willow"))
        service, place = catalogue.service("follow-up"), catalogue.location("main-street")
        assert service and place
        for _ in range(practitioners):
            holds.hold(session, catalogue.practice, wish(catalogue, service, None, place), HALF_PAST_ELEVEN, now)

    here.site.database.write(work)


def give_up_all_holds(here: Booking) -> None:
    def work(session: Session, now: datetime) -> None:
        for one in session.exec(select(Reservation)).all():
            session.delete(one)

    here.site.database.write(work)


def held(here: Booking) -> int:
    """How many times are held."""
    with here.site.database.read() as session:
        return len(session.exec(select(Reservation)).all())


def test_a_time_that_goes_while_one_looks_is_taken_off_the_list(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_service(page)
    here.slot(page).wait_for()
    somebody_takes_it(here)
    here.slot(page).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("That time has just been taken")
    expect(alert).to_be_focused()
    expect(here.slot(page)).to_have_count(0)
    left = page.get_by_role("group", name="Monday, November 23, 2026").get_by_role("button").count()
    expect(page.get_by_role("status")).to_have_text(f"{left} times on Monday, November 23, 2026")
    here.slot(page, "2:00 PM").click()
    here.form(page)


def test_a_time_lost_while_typing_leaves_all_that_was_typed(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    form.get_by_label("Reason for visit").fill("Tired after lunch")
    give_up_all_holds(here)
    somebody_takes_it(here)
    here.send(form)
    expect(page.get_by_role("heading", name="That time has just been taken")).to_be_focused()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_role("button", name="Mon, Nov 23, 12:30 PM").click()
    expect(page.get_by_text("Monday 23 November 2026, 12:30 PM, New York time")).to_be_visible()
    expect(form.get_by_label("Reason for visit")).to_have_value("Tired after lunch")
    expect(form.get_by_label("I agree")).to_be_checked()
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()


def test_a_hold_is_announced_before_it_ends_and_can_be_kept_longer(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_slot(page)
    here.site.later(minutes=1)
    page.get_by_role("button", name="Keep it longer").click()
    expect(page.get_by_role("status")).to_have_text("The time is now held until 7:11 AM.")
    expect(page.get_by_role("button", name="Keep it longer")).to_be_focused()
    page.clock.fast_forward("10:10")
    expect(page.locator(".hold")).to_contain_text("held for one more minute")
    expect(page.get_by_role("status")).to_have_text("Your time is held for one more minute.")
    here.site.later(minutes=9)
    page.get_by_role("button", name="Keep it longer").click()
    expect(page.get_by_text("Held for you until 7:20 AM")).to_be_visible()
    expect(page.get_by_role("button", name="Keep it longer")).to_have_count(0)


def test_an_ended_hold_is_no_error_while_the_time_is_free(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    page.clock.fast_forward("11:00")
    here.site.later(minutes=11)
    expect(page.locator(".hold")).to_contain_text("You can still book this time")
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()


def test_an_ended_hold_can_be_taken_again(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    # The visitor's clock is ahead: on the server the hold still stands, and must not stand in its owner's way.
    page.clock.fast_forward("11:00")
    page.get_by_role("button", name="Hold it again").click()
    expect(page.get_by_role("button", name="Keep it longer")).to_be_visible()
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")


def test_pressing_twice_asks_for_a_time_once(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_service(page)
    page.get_by_label("With").select_option("Ben Osei")
    here.slot(page).click()
    here.form(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method) if "/holds" in request.url else None)
    page.clock.fast_forward("11:00")
    # Not before both presses: the second would be on the button that comes then.
    answer = held_back(page, "**/holds")
    page.get_by_role("button", name="Hold it again").dblclick()
    answer().continue_()
    expect(page.get_by_role("button", name="Keep it longer")).to_be_visible()
    assert asked == ["DELETE", "POST"]
    assert held(here) == 1


def test_a_time_that_comes_late_takes_nobody_back(here: Booking, page: Page) -> None:
    here.open(page)
    for leave in (
        lambda: page.get_by_role("button", name="Change service").click(),
        lambda: page.get_by_label("With").select_option("Ben Osei"),
    ):
        here.choose_service(page)
        late = held_back(page, "**/holds")
        here.slot(page).click()
        asked = late()
        leave()
        title = page.get_by_role("heading", name="Choose a").inner_text()
        with page.expect_response("**/holds/*"):
            asked.continue_()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        assert held(here) == 0
    here.slot(page).click()
    here.form(page)
    expect(page.locator(".summary")).to_contain_text("with Ben Osei")


def test_a_widget_that_leaves_the_page_gives_the_time_back_and_one_that_moves_keeps_it(
    here: Booking, page: Page
) -> None:
    here.open(page)
    here.choose_slot(page)
    page.evaluate("document.body.prepend(document.querySelector('pencilin-booking'))")
    here.form(page)
    page.clock.fast_forward(2_000)
    expect(page.get_by_role("button", name="Keep it longer")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.evaluate("window.away = document.querySelector('pencilin-booking'); away.remove()")
    page.evaluate("document.body.append(away)")
    expect(page.locator(".hold")).to_contain_text("You can still book this time")
    assert held(here) == 0


def test_going_back_gives_the_time_back(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    page.get_by_role("button", name="Change time").click()
    expect(here.slot(page)).to_be_visible()
    here.slot(page, "2:00 PM").click()
    expect(page.get_by_text("Monday 23 November 2026, 2:00 PM, New York time")).to_be_visible()
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    with here.site.database.read() as session:
        (only,) = session.exec(select(Reservation)).all()
    assert only.start.hour == 19  # 2:00 PM in New York


def test_a_time_that_was_held_before_a_reload_is_offered_again(here: Booking, page: Page) -> None:
    here.open(page)
    here.choose_service(page)
    page.get_by_label("With").select_option("Ben Osei")
    here.slot(page).click()
    here.form(page)
    assert held(here) == 1
    page.reload()
    eventually(page, lambda: held(here) == 0)
    here.choose_service(page)
    page.get_by_label("With").select_option("Ben Osei")
    here.slot(page).click()
    here.form(page)
    expect(page.get_by_text("Held for you until")).to_be_visible()
    assert held(here) == 1


def test_a_reload_while_the_request_is_on_its_way_leaves_the_time_held(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    page.route("**/bookings", lambda route: None)
    given_back: list[str] = []
    page.on("request", lambda request: given_back.append(request.url) if request.method == "DELETE" else None)
    here.send(form)
    expect(form.get_by_role("button", name="Sending…")).to_be_visible()
    page.reload()
    here.choose_service(page)
    assert given_back == []
    assert held(here) == 1


def test_an_answer_that_got_lost_books_only_once(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/bookings", lose_the_answer, times=1)
    here.send(form)
    expect(form.get_by_text("We couldn’t reach Willow Nutrition")).to_be_visible()
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    form.get_by_label("Reason for visit").fill("Typed after the first try")
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    with here.site.database.read() as session:
        only = session.exec(select(Appointment)).one()
    expect(form.get_by_text(only.reference, exact=True)).to_be_visible()
