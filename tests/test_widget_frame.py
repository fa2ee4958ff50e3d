"""The frame in which details are typed: what the page around it learns, and what happens where it is refused."""

import json
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Frame, Page, expect
from sqlmodel import Session, select

from pencilin.models import Practice, Reservation
from tests.staff_site import tells
from tests.widget_site import SCRIPT, Booking, becomes, booking, console

# What a session recorder does: it looks at whatever passes the page.
SPY = """<script>window.seen=[];
for (const type of ["input","change","keydown","paste","submit","message"])
  addEventListener(type, e => seen.push(type, e.key, JSON.stringify(e.data ?? e.composedPath()[0].value)), true);
const send = window.fetch;
window.fetch = function (to, how) { seen.push(String(to) + (how?.body ?? "")); return send.apply(this, arguments) };
const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (data) {
  seen.push("to frame " + JSON.stringify(data)); return post.apply(this, arguments) };
const heard = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
Object.defineProperty(MessagePort.prototype, "onmessage", { ...heard, set(act) {
  heard.set.call(this, e => { seen.push("from frame " + JSON.stringify(e.data)); act(e) }) } });
</script>"""

HEIGHT = "document.querySelector('pencilin-booking').shadowRoot.querySelector('iframe').clientHeight"
FITS = "() => innerHeight === Math.ceil(document.getElementById('details').offsetHeight)"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def inside(page: Page) -> Frame:
    return next(frame for frame in page.frames if "/embed/" in frame.url)


def only_these_sites(here: Booking, *sites: str) -> None:
    def work(session: Session, now: datetime) -> None:
        practice = session.exec(select(Practice).where(Practice.slug == "willow")).one()
        practice.sites = list(sites)

    here.site.database.write(work)


def test_the_pages_scripts_see_neither_what_is_typed_nor_the_link_to_change_it(here: Booking, page: Page) -> None:
    here.open(page, SPY + SCRIPT)
    form = here.choose_slot(page)
    here.fill(form)
    form.get_by_label("Reason for visit").fill("Tired after lunch")
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    # The spy does see what there is to see.
    page.wait_for_function("""seen.some(one => String(one).includes('"state":"received"'))""")
    seen = " ".join(page.evaluate("seen"))
    assert not tells(seen, "Kim")
    for secret in ("kim.lee", "555 0147", "Tired", "/manage/", "/calendar-feed/"):
        assert secret not in seen
    assert page.evaluate("document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)") == "{}{}"


def test_a_reload_keeps_the_draft_and_sending_forgets_it(here: Booking, page: Page) -> None:
    here.open(page)
    here.fill(here.choose_slot(page))
    page.reload()
    form = here.choose_slot(page, "2:00 PM")
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    expect(form.get_by_label("Phone")).to_have_value("212 555 0147")
    expect(form.get_by_label("I agree")).not_to_be_checked()
    form.get_by_label("I agree").check()
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    assert inside(page).evaluate("JSON.stringify(sessionStorage)") == "{}"


def test_a_draft_is_forgotten_after_half_an_hour(here: Booking, page: Page) -> None:
    here.open(page)
    here.fill(here.choose_slot(page))
    assert "kim.lee" in inside(page).evaluate("JSON.stringify(sessionStorage)")
    page.clock.fast_forward("31:00")
    becomes(inside(page), "() => JSON.stringify(sessionStorage) === '{}'")


def test_where_the_frame_is_refused_the_hosted_page_goes_on_with_the_held_time(here: Booking, page: Page) -> None:
    only_these_sites(here, "https://www.example.com")
    here.open(page, patient=False)
    here.choose_service(page)
    here.slot(page).click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Continue with your details").click()
    hosted = opened.value
    expect(hosted.get_by_text("Monday 23 November 2026, 11:30 AM, New York time")).to_be_visible()
    expect(hosted.get_by_role("button", name="Keep it longer")).to_be_visible()
    page.goto("about:blank")
    hosted.reload()
    form = here.form(hosted)
    with here.site.database.read() as session:
        assert [one.purpose for one in session.exec(select(Reservation)).all()] == ["hold"]
    here.fill(form)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    with here.site.database.read() as session:
        assert [one.purpose for one in session.exec(select(Reservation)).all()] == ["current"]


def test_a_sandboxed_page_offers_the_hosted_page_at_once(here: Booking, page: Page) -> None:
    errors = console(page.context)
    here.open(page, Content_Security_Policy="sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox")
    here.choose_service(page)
    here.slot(page).click()
    expect(page.get_by_role("link", name="Continue with your details")).to_be_visible()
    assert errors == []


def test_a_strict_policy_of_the_page_is_no_obstacle(here: Booking, page: Page) -> None:
    errors = console(page.context)
    policy = f"default-src 'none'; script-src {here.base}; connect-src {here.base}; frame-src {here.base}; "
    policy += "style-src 'none'; img-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    here.open(page, Content_Security_Policy=policy)
    form = here.choose_slot(page)
    here.fill(form)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    assert page.locator(".slot, .card").first.evaluate("e => getComputedStyle(e).borderRadius") == "10px"
    assert errors == []


def test_the_frame_is_as_high_as_its_content(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    becomes(inside(page), FITS)
    empty = page.evaluate(HEIGHT)
    here.send(form)
    expect(form.get_by_role("alert").filter(has_text="Please check these fields")).to_be_focused()
    page.wait_for_function(f"{HEIGHT} > {empty}")
    becomes(inside(page), FITS)
    assert not inside(page).evaluate("document.documentElement.scrollHeight > innerHeight + 1")
    here.fill(form)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    page.wait_for_function(f"{HEIGHT} < {empty}")


def test_what_has_the_focus_comes_into_view(here: Booking, page: Page) -> None:
    """Safari scrolls nothing around a frame from another site when the focus moves inside of it."""
    page.set_viewport_size({"width": 390, "height": 500})
    here.open(page)
    form = here.choose_slot(page)
    becomes(inside(page), FITS)
    consent = form.get_by_label("I agree")
    expect(consent).not_to_be_in_viewport()
    consent.evaluate("one => one.focus({ preventScroll: true })")
    expect(consent).to_be_in_viewport()


def test_no_count_of_reports_tells_an_answer_and_what_is_pressed_is_not_moved(here: Booking, page: Page) -> None:
    here.open(page, SPY + SCRIPT)
    form = here.choose_slot(page)
    yes, email = form.get_by_role("radio", name="Yes", exact=True), form.get_by_label("Email")

    def reports() -> int:
        """How often the page was told of the focus since it was asked for last."""
        page.keyboard.press("Escape")
        page.wait_for_function("""seen.some(one => String(one).includes('"escape"'))""")
        seen: list[str] = page.evaluate("seen.splice(0)")
        return sum('"focus"' in str(one) for one in seen)

    def answered(key: str) -> int:
        email.focus()
        reports()
        yes.focus()
        page.keyboard.press(key)
        return reports()

    told = answered("Space")
    expect(yes).to_be_checked()
    assert answered("ArrowDown") == told
    expect(form.get_by_role("radio", name="No", exact=True)).to_be_checked()
    assert told == 1
    form.get_by_text("I agree").click()
    expect(form.get_by_label("I agree")).to_be_focused()
    assert reports() == 0
    here.send(form)
    expect(form.get_by_role("alert").filter(has_text="Please check these fields")).to_be_focused()
    assert reports() == 1


def test_reasons_of_the_server_stand_at_their_fields(here: Booking, page: Page) -> None:
    here.open(page)
    form = here.choose_slot(page)
    here.fill(form)
    answer = {"code": "invalid", "status": 422, "fields": {"client.phone": "This number is too short."}}
    kind = "application/problem+json"
    page.route("**/bookings", lambda route: route.fulfill(status=422, content_type=kind, body=json.dumps(answer)))
    here.send(form)
    expect(form.get_by_label("Phone")).to_have_accessible_description("This number is too short.")
    form.get_by_role("link", name="Phone").click()
    expect(form.get_by_label("Phone")).to_be_focused()
    form.get_by_label("Phone").fill("212 555 0100")
    expect(form.get_by_label("Phone")).to_have_accessible_description("")
    expect(form.get_by_text("Please check these fields")).to_be_hidden()
