"""No network, a slow one, a lost answer, a sleeping phone: what a visitor typed stays, and is booked once at most."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame, Page, Request, Route, expect
from sqlmodel import Session, select

from pencilin.models import Appointment, Outbox, Service, TentativeClient
from pencilin.rules.questions import Question
from tests.widget_site import SCRIPT, Booking, booking

# After eleven minutes without a timer; what is said of the hold before and after.
WAKE = """() => {
  const later = Date.now() + 11 * 60_000;
  const hold = document.querySelector("pencilin-booking").shadowRoot.querySelector(".hold");
  Date.now = () => later;
  const before = hold.textContent;
  document.dispatchEvent(new Event("visibilitychange"));
  return [before, hold.textContent];
}"""
ERRORS = "addEventListener('pencilin:error', event => (window.codes ??= []).push(event.detail.code))"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def inside(page: Page) -> Frame:
    return next(frame for frame in page.frames if "/embed/" in frame.url)


def keys(page: Page) -> list[str]:
    """The keys of all bookings that are sent from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/bookings"):
            found.append(request.headers["idempotency-key"])

    page.on("request", note)
    return found


def booked(here: Booking) -> int:
    with here.site.database.read() as session:
        return len(session.exec(select(Appointment)).all())


def test_offline_it_says_so_and_sends_by_itself_when_the_network_is_back(here: Booking, page: Page) -> None:
    here.open(page)
    page.evaluate(ERRORS)
    form = here.choose_slot(page)
    here.fill(form)
    page.context.set_offline(True)
    here.send(form)
    expect(form.get_by_role("alert").filter(has_text="You’re offline. Nothing you typed is lost")).to_be_visible()
    page.wait_for_function("window.codes?.length")
    assert page.evaluate("codes") == ["offline"]
    page.context.set_offline(False)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    assert booked(here) == 1


def test_whoever_goes_on_typing_without_a_network_sends_it_themselves(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    page.context.set_offline(True)
    here.send(form)
    expect(form.get_by_text("You’re offline")).to_be_visible()
    form.get_by_label("Reason for visit").fill("Tired")
    expect(form.get_by_text("check your connection and send again")).to_be_visible()
    page.context.set_offline(False)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    assert booked(here) == 1


def test_no_answer_is_waited_for_aloud_and_asked_for_again_with_the_same_key(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    sent = keys(page)
    stalled: list[Route] = []

    # Not `times=2`: a route that is used up isn't forgotten well while its requests still wait.
    def stall(route: Route) -> None:
        if len(stalled) == 2:
            route.continue_()
        else:
            stalled.append(route)

    page.route("**/bookings", stall)
    here.send(form)
    page.clock.fast_forward("00:51")
    expect(form.get_by_role("alert").filter(has_text="Still trying…")).to_be_visible()
    for _ in range(2):
        with page.expect_request("**/bookings"):
            page.clock.fast_forward("02:31")
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    assert len(sent) == 3 and len(set(sent)) == 1 and len(stalled) == 2
    assert booked(here) == 1


def test_a_server_in_trouble_keeps_the_text_and_the_key(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    sent = keys(page)
    alert = form.get_by_role("alert").filter(has_text="Nothing you typed is lost")
    bodies = iter(('{"code": "unavailable"}', "<h1>Bad gateway</h1>"))
    page.route("**/bookings", lambda route: route.fulfill(status=503, body=next(bodies)), times=2)
    for reason in ("went wrong on our side", "couldn’t reach"):
        here.send(form)
        expect(alert).to_contain_text(reason)
        expect(alert).to_contain_text("Or call +1 212 555 0100")
    assert booked(here) == 0
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    assert len(sent) == 3 and len(set(sent)) == 1


def test_a_reload_after_a_lost_answer_finds_the_booking_again(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/bookings", lose_the_answer, times=1)
    here.send(form)
    expect(form.get_by_text("We couldn’t reach Willow Nutrition")).to_be_visible()
    page.reload()
    page.evaluate("addEventListener('pencilin:booked', event => window.told = event.detail)")
    form = here.choose_slot(page, "2:00 PM", "First visit")
    expect(form.get_by_text("What you typed before is still here.")).to_be_visible()
    form.get_by_label("Email").fill("kim@mail.example")
    form.get_by_label("I agree").check()
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    expect(form.get_by_text("Monday 23 November 2026, 11:30 AM, New York time", exact=True)).to_be_visible()
    expect(form.get_by_text("We wrote to kim.lee@mail.example")).to_be_visible()
    page.wait_for_function("window.told")
    told = page.evaluate("told")
    assert (told["service"], told["start"]) == ("follow-up", "2026-11-23T11:30:00-05:00")
    assert booked(here) == 1


def test_what_only_one_service_asks_survives_a_look_at_another(here: Booking, page: Page) -> None:
    def ask(session: Session, now: object) -> None:
        for service in session.exec(select(Service).where(Service.slug == "follow-up")):
            service.questions = [Question(id="goal", label="Your goal", kind="text", choices=[], required=False)]

    here.site.database.write(ask)
    here.open(page)
    form = here.choose_slot(page)
    form.get_by_label("Reason for visit").fill("Tired")
    form.get_by_label("Your goal").fill("Sleep")
    for service, goals in (("First visit", 0), ("Follow-up", 1)):
        page.get_by_role("button", name="Change time").click()
        page.get_by_role("button", name="Change service").click()
        here.choose_slot(page, "2:00 PM", service)
        expect(form.get_by_label("Your goal")).to_have_count(goals)
        expect(form.get_by_label("Reason for visit")).to_have_value("Tired")
    expect(form.get_by_label("Your goal")).to_have_value("Sleep")


def test_a_frame_that_the_browser_drops_comes_back_with_the_time_and_the_text(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    inside(page).evaluate("void setTimeout(() => location.reload())")
    expect(form.get_by_text("What you typed before is still here.")).to_be_visible()
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    form.get_by_label("I agree").check()
    here.send(form)
    expect(form.get_by_text("Monday 23 November 2026, 11:30 AM, New York time", exact=True)).to_be_visible()


def test_a_phone_that_slept_through_its_hold_says_so_on_waking(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    # All at once, since the widget looks at its clock every two seconds, too.
    asleep, awake = page.evaluate(WAKE)
    assert "Held for you until" in asleep
    assert "The hold has ended" in awake
    expect(page.get_by_role("status")).to_contain_text("The hold has ended. You can still book this time")
    here.site.later(minutes=11)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()


def test_a_hold_that_cannot_be_had_again_says_so_and_can_be_tried_again(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    page.clock.fast_forward("11:00")
    page.context.set_offline(True)
    page.get_by_role("button", name="Hold it again").click()
    expect(page.get_by_role("alert")).to_have_text("We couldn’t hold that time. Please try again.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Hold it again").click()
    expect(page.get_by_text("Held for you until")).to_be_visible()
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")


@pytest.mark.parametrize("years", [-6, 5])
def test_a_clock_that_is_years_off_changes_nothing(here: Booking, page: Page, years: int) -> None:
    page.clock.install(time=f"{2026 + years}-11-23T12:00:00Z")
    here.website.shows(SCRIPT)
    page.goto(here.website.url)
    form = here.choose_slot(page)
    here.fill(form)
    for label, value in (("Day", "1"), ("Month", "3"), ("Year", "2024")):
        form.get_by_label(label, exact=True).fill(value)
    expect(page.get_by_text("Monday 23 November 2026, 11:30 AM, New York time")).to_be_visible()
    expect(page.get_by_role("button", name="Keep it longer")).to_be_visible()
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()


def test_not_right_corrects_the_address(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    here.send(form)
    form.get_by_text("We wrote to kim.lee@mail.example").click()
    field = form.get_by_label("Email")
    field.fill("kim.lea")
    form.get_by_role("button", name="Write to this address").click()
    expect(field).to_have_accessible_description(re.compile("Enter an email address"))
    field.fill("kim.lea@gmial.com")
    field.blur()
    form.get_by_role("button", name="Use it").click()
    form.get_by_role("button", name="Write to this address").click()
    expect(form.get_by_role("status").filter(has_text="We have now written to kim.lea@gmail.com.")).to_be_visible()
    expect(form.get_by_text("We wrote to kim.lea@gmail.com · Not right?")).to_be_visible()
    with here.site.database.read() as session:
        assert session.exec(select(TentativeClient.email)).one() == "kim.lea@gmail.com"
        sent = session.exec(select(Outbox).where(Outbox.kind == "request_received")).all()
    assert {row.recipient: row.cancelled_at is None for row in sent} == {
        "kim.lee@mail.example": False,
        "kim.lea@gmail.com": True,
    }
    here.site.later(minutes=31)
    field.fill("kim@mail.example")
    form.get_by_role("button", name="Write to this address").click()
    expect(form.get_by_role("status").filter(has_text="Tell Willow Nutrition the right address")).to_be_visible()


def test_a_slip_in_a_providers_domain_is_pointed_out_and_a_real_one_is_not(here: Booking, page: Page) -> None:
    here.open(page)
    field = here.choose_slot(page).get_by_label("Email")
    form = here.form(page)
    slips = {
        "gmial.com": "gmail.com",
        "gmail.con": "gmail.com",
        "gmail.cmo": "gmail.com",
        "gmail.co": "gmail.com",
        "hotmial.fr": "hotmail.fr",
        "t-onlin.de": "t-online.de",
        "gmx.ed": "gmx.de",
        "uol.con.br": "uol.com.br",
        "yaho.co.uk": "yahoo.co.uk",
        "willow.con": "willow.com",
    }
    for typed, meant in slips.items():
        field.fill(f"kim@{typed}")
        field.blur()
        expect(form.get_by_text(f"Did you mean kim@{meant}?")).to_be_visible()
    for right in ("mail.com", "hotmail.it", "yahoo.co.jp", "web.de", "company.co", "laposte.net", "horizon.net"):
        field.fill(f"kim@{right}")
        field.blur()
        expect(form.get_by_text("Did you mean")).to_have_count(0)
