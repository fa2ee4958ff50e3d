"""The widget on every kind of website: it can be booked with, looks the same, and leaves the page as it was."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlmodel import select

from pencilin.models import Appointment
from tests.host_site import NAMES, Visit, choose_service, choose_time, fill_and_send, show, visit
from tests.pictures import difference
from tests.widget_site import Booking, booking, eventually

SECRETS = ("Kimberly", "Leehurst", "kim.lee", "555 0147", "Tired", "/manage/", "/calendar-feed/")
DESKTOP, PHONE = {"width": 1280, "height": 1600}, {"width": 390, "height": 844}
# By itself the widget takes the page's font, and is dark where the page is.
FONT = """document.documentElement.style.setProperty("--pencilin-font", "'DejaVu Sans', sans-serif")"""
# The share of pixels by which two pictures of the same may differ.
SAME = 0.0003
DARK = {"theme", "dark"}
# Other services, a frame around the widget, another language.
NOT_COMPARED = {"several", "sandbox", "rtl"}
# The same place and width, whatever is around.
PLACED = """e => { const style = { position: "absolute", inset: "0 auto auto 0", width: "700px", margin: "0",
  "max-width": "none", background: "white", "z-index": "2147483647" };
  for (const name in style) e.style.setProperty(name, style[name], "important") }"""


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


@pytest.fixture(scope="module")
def known_pictures() -> dict[str, list[bytes]]:
    """Of the widget on the plain page, once it is known."""
    return {}


def light(html: str) -> str:
    return html.replace(" data-practice=", ' data-theme="light" data-practice=')


def pictures(seen: Visit) -> list[bytes]:
    """Of services and times. The widget stays at the times."""
    widget = seen.widget()
    widget.evaluate(PLACED)
    seen.page.mouse.move(1279, 1599)
    services = widget.screenshot(animations="disabled")
    choose_service(widget)
    seen.page.mouse.move(1279, 1599)
    times = widget.screenshot(animations="disabled")
    widget.evaluate("e => e.removeAttribute('style')")
    return [services, times]


def book(here: Booking, seen: Visit, widget: Locator, framed: bool = True) -> None:
    """From the times to *Request received*, and looks into the database."""
    choose_time(widget)
    if not framed:
        with seen.page.context.expect_page() as opened:
            widget.get_by_role("link", name="Continue with your details").click()
        widget = opened.value.locator("pencilin-booking")
    reference = fill_and_send(widget.frame_locator("iframe"))
    expect(reference).to_be_visible()
    with here.site.database.read() as session:
        assert reference.text_content() == session.exec(select(Appointment)).one().reference


@pytest.mark.parametrize("name", [name for name in NAMES if name != "dialogs"])
def test_a_visitor_books_and_the_page_stays_as_it_was(
    here: Booking, context: BrowserContext, known_pictures: dict[str, list[bytes]], name: str
) -> None:
    if not known_pictures:
        show(here, "plain")
        known_pictures["plain"] = pictures(visit(here, context, DESKTOP, prepare=FONT))
    show(here, name, light if name in DARK else str)
    seen = visit(here, context, DESKTOP, prepare=FONT)
    assert seen.differences() == []
    if name in NOT_COMPARED:
        choose_service(seen.widget())
    else:
        for was, now in zip(known_pictures["plain"], pictures(seen), strict=True):
            assert difference(seen.page, was, now) < SAME
    seen.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict is one
    book(here, seen, seen.widget(), framed=name != "sandbox")
    assert seen.problems() == []
    assert context.cookies() == []


def test_trackers_get_nothing_that_was_typed_into_the_widget(here: Booking, context: BrowserContext) -> None:
    show(here, "tracker")
    seen = visit(here, context, PHONE)
    page = seen.page
    choose_service(seen.widget())
    book(here, seen, seen.widget())
    page.wait_for_function("""__seen.some(one => one.includes('"state":"received"'))""")
    collected = "\n".join(page.evaluate("__seen"))
    assert [secret for secret in SECRETS if secret in collected] == []
    # The page's own fields are an open book to them.
    page.get_by_label("Our letter").press_sequentially("kim.lee@mail.example")
    page.wait_for_function("__seen.some(one => one.startsWith('field kim.lee@mail.example'))")


def test_what_a_page_hides_is_hidden(here: Booking, context: BrowserContext) -> None:
    show(here, "popup")
    seen = visit(here, context, PHONE)
    service = seen.widget().locator("[part=service]").first
    box = service.bounding_box()
    assert box
    seen.page.locator("#faded").dispatch_event("click")
    expect(service).to_be_hidden()
    below = "(e, { y }) => e.style.cssText = `position: fixed; margin: 0; padding: 15px; top: ${y}px`"
    seen.page.locator("#under").evaluate(below, box)
    seen.page.mouse.click(30, box["y"] + 20)
    expect(seen.page.get_by_text("Pressed.")).to_be_attached()


def test_dialogs_open_above_everything_and_leave_the_page_as_it_was(here: Booking, context: BrowserContext) -> None:
    show(here, "dialogs")
    seen = visit(here, context, DESKTOP)
    page, dialog = seen.page, seen.page.get_by_role("dialog")
    page.locator("pencilin-booking").nth(2).wait_for(state="attached")
    assert seen.differences() == []
    on_top = "([x, y]) => document.elementFromPoint(x, y).localName"
    for opener in ("Book now", "Book here", "Make an appointment"):
        page.get_by_text(opener).click()
        dialog.get_by_role("heading", name="Choose a service").wait_for()
        assert {page.evaluate(on_top, [x, y]) for x in (1, 640, 1279) for y in (1, 800, 1599)} == {"pencilin-booking"}
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        page.wait_for_function("!document.documentElement.style.overflow")  # a dialog says late that it is closed
        page.evaluate("document.activeElement.blur()")
        # An open dialog is a step of its own that Back leads out of, as soon as its frame is there.
        assert [one for one in seen.differences() if not one.startswith("history:")] == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict is one
    page.get_by_text("Make an appointment").click()
    choose_service(dialog)
    book(here, seen, dialog)
    assert seen.problems() == []


def test_before_consent_the_link_leads_to_the_hosted_page(here: Booking, page: Page) -> None:
    show(here, "consent")
    page.goto(here.website.url)
    link = page.get_by_role("link", name="Make an appointment")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", f"{here.base}/book/willow")
    assert page.locator("pencilin-booking").count() == 0


def test_a_link_inside_of_a_component_stays_a_link(here: Booking, context: BrowserContext) -> None:
    show(here, "component")
    page = visit(here, context, PHONE).page
    page.get_by_role("link", name="On its own page").click()
    expect(page).to_have_url(f"{here.base}/book/willow")


def test_a_widget_that_is_taken_out_and_put_back_goes_on(here: Booking, context: BrowserContext) -> None:
    show(here, "single-page")
    seen = visit(here, context, PHONE)
    choose_service(seen.widget())
    choose_time(seen.widget())
    form = seen.widget().frame_locator("iframe")
    form.locator('[name="client.email"]').fill("kim.lee@mail.example")
    seen.page.get_by_role("button", name="Home").click()
    expect(seen.page.locator("pencilin-booking")).to_have_count(0)
    seen.page.get_by_role("button", name="Visit").click()
    expect(form.locator('[name="client.email"]')).to_have_value("kim.lee@mail.example")
    expect(fill_and_send(form)).to_be_visible()
    assert seen.problems() == []


def test_widgets_of_one_page_each_follow_their_own_snippet(here: Booking, context: BrowserContext) -> None:
    show(here, "several")
    page = visit(here, context, DESKTOP).page
    first, all_of_them, follow_up = (page.locator("pencilin-booking").nth(i) for i in range(3))
    expect(first.get_by_text("First visit · 60 min")).to_be_visible()
    expect(all_of_them.locator("[part=service]")).to_have_count(2)
    expect(all_of_them.locator("[aria-current] .number")).to_have_css("background-color", "rgb(185, 28, 28)")
    expect(follow_up.locator("select").first).to_have_value("ben")


# Negative controls: the probe sees what it is there to see.

WORSE = """
window.one = window.two = 1;
Array.prototype.added = Element.prototype.remove = () => undefined;
document.addEventListener("click", () => undefined);
document.head.append(document.createElement("style"));
document.querySelector("h1").style.margin = "1px";
document.querySelector("p").style.width = "50px";
document.cookie = "a=b";
localStorage.a = "b";
document.querySelector("script[src]").outerHTML =
  "<pencilin-booking><div part='service'><button>A</button></div></pencilin-booking>";
fetch("http://127.0.0.1:9/count").catch(() => 0);
const style = document.createElement("meta");
Object.assign(style, { httpEquiv: "Content-Security-Policy", content: "img-src 'none'" });
document.head.append(style);
new Image().src = "/a.png";
setTimeout(() => { throw Error("uncaught") });
"""


def test_a_worse_widget_is_noticed(here: Booking, context: BrowserContext) -> None:
    show(here, "plain")
    seen = visit(here, context, DESKTOP, widget=WORSE)
    differences = "\n".join(seen.differences())
    for sign in ("globals: ", "changed: Element.prototype.remove", "added: Array.prototype.added", "page's click"):
        assert sign in differences
    for sign in ("<h1> style", "<p> width", "page: was", "stored: was"):
        assert sign in differences
    signs = ("asked http://127.0.0.1:9/count", "uncaught", "img-src refused")
    eventually(seen.page, lambda: all(sign in "\n".join(seen.problems()) for sign in signs))


def test_another_look_is_noticed(here: Booking, context: BrowserContext) -> None:
    show(here, "plain")
    light_ones = pictures(visit(here, context, DESKTOP))
    show(here, "plain", lambda html: html.replace(" data-practice=", ' data-accent="#b91c1c" data-practice='))
    other = visit(here, context, DESKTOP)
    assert all(difference(other.page, was, now) > SAME for was, now in zip(light_ones, pictures(other), strict=True))
