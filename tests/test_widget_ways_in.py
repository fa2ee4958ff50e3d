"""Each way to put the widget on a page: what it becomes there, wherever on the page that is."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.widget_site import LINK, SCRIPT, Booking, booking, held_back

CLIPPED = '<div style="transform: rotate(2deg); filter: blur(0); overflow: hidden; height: 60px">{}</div>'
BARE = LINK.replace('data-pencilin="inline"', "data-pencilin")
OPTIMISED = """<script>fetch("@@BASE@@/widget.js").then(answer => answer.text()).then(text => {
  const script = document.createElement("script");
  script.dataset.practice = "willow"; script.textContent = text; document.body.append(script) })</script>"""


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def lines(page: Page) -> list[str]:
    """What the widget says to the webmaster, from now on."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.text.startswith("Pencilin:"):
            found.append(message.text)

    page.on("console", hear)
    return found


def with_mode(mode: str, more: str = "") -> str:
    return SCRIPT.replace("data-practice", f'{more} data-mode="{mode}" data-practice')


def test_a_link_becomes_a_button_with_its_text_and_its_address(here: Booking, page: Page) -> None:
    here.open(page, CLIPPED.format(LINK.replace("inline", "button")))
    button = page.get_by_role("button", name="Book an appointment")
    expect(button).to_have_attribute("href", f"{here.base}/book/willow")
    expect(page.get_by_role("link", name="Book an appointment")).to_have_count(0)
    button.press(" ")
    expect(page.get_by_role("dialog", name="Book an appointment")).to_be_visible()
    assert page.evaluate("(({ x, y, width, height }) => [x, y, width, height])(" + box() + ")") == [0, 0, 1280, 720]
    expect(page.get_by_role("heading", name="Choose a service")).to_be_focused()


def box() -> str:
    """The dialog's place in the window."""
    last = "document.querySelector('html > pencilin-booking:last-child')"
    return f"{last}.shadowRoot.querySelector('dialog').getBoundingClientRect()"


def test_a_bare_link_stays_and_opens_the_dialog_itself(here: Booking, page: Page) -> None:
    here.open(page, CLIPPED.format(BARE))
    link = page.locator("a[aria-haspopup=dialog]")
    expect(page.locator("pencilin-booking")).to_have_count(0)
    with page.context.expect_page() as opened:
        link.click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(f"{here.base}/book/willow")
    link.click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Choose a service")).to_be_focused()
    expect(page).to_have_url(here.website.url)


def test_a_floating_button_floats_over_whatever_its_script_stands_in(here: Booking, page: Page) -> None:
    here.open(page, CLIPPED.format(with_mode("floating", 'data-label="Book now"')))
    button = page.get_by_role("button", name="Book now")
    place = button.bounding_box()
    assert place
    assert (place["x"] + place["width"], place["y"] + place["height"]) == (1260, 700)
    button.click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Choose a service")).to_be_focused()
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('main pencilin-booking').remove()")
    expect(button).to_have_count(0)


def test_what_opened_a_dialog_takes_it_along_but_never_one_that_is_open(here: Booking, page: Page) -> None:
    here.open(page, f'<div id="view">{LINK.replace("inline", "button")}{BARE.replace("Book an", "Make an")}</div>')
    for name in ("Book an appointment", "Make an appointment"):
        page.get_by_text(name).click()
        expect(page.get_by_role("dialog").get_by_role("heading", name="Choose a service")).to_be_focused()
        if name.startswith("Make"):
            page.evaluate("document.querySelector('#view').remove()")
            expect(page.locator("html > pencilin-booking")).to_have_count(1)
            expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("document.querySelector('main').append('Another view')")
    expect(page.locator("html > pencilin-booking")).to_have_count(0)


def test_a_link_that_comes_later_becomes_the_widget_too(here: Booking, page: Page) -> None:
    here.open(page, '<script async src="@@BASE@@/widget.js"></script>')
    page.wait_for_function("!!customElements.get('pencilin-booking')")
    page.evaluate(
        "link => document.querySelector('main').insertAdjacentHTML('beforeend', link)",
        f'<a href="{here.base}/book/willow" data-pencilin="inline">Book</a>',
    )
    expect(page.locator("main > pencilin-booking").get_by_role("heading", name="Choose a service")).to_be_visible()


def test_links_that_the_parser_reaches_after_the_script_become_the_widget_too(here: Booking, page: Page) -> None:
    head = '<script src="@@BASE@@/widget.js"></script>'
    here.open(page, LINK.partition("<script")[0] + BARE.partition("<script")[0], head=head)
    expect(page.locator("main > pencilin-booking").get_by_role("heading", name="Choose a service")).to_be_visible()
    expect(page.locator("main > a[aria-haspopup=dialog]")).to_be_visible()


def test_a_place_that_is_not_there_is_said_and_the_script_takes_its_own(here: Booking, page: Page) -> None:
    said = lines(page)
    sent = [SCRIPT.replace("data-practice", f'data-target="{one}" data-practice') for one in ("#nowhere", "#1x")]
    here.open(page, f'{sent[0]}<p id="after">After.</p>{sent[1]}<p id="end">End.</p>')
    expect(page.locator("script + pencilin-booking + #after")).to_be_visible()
    expect(page.locator("script + pencilin-booking + #end")).to_be_visible()
    assert sorted(said) == [
        f"Pencilin: nothing here is {one}; the widget is where its script is" for one in ("#1x", "#nowhere")
    ]


def test_a_copy_without_an_address_says_so_where_it_has_nothing_else_to_go_by(here: Booking, page: Page) -> None:
    said = lines(page)
    here.open(page, OPTIMISED)
    expect(page.get_by_role("alert")).to_contain_text("Online booking isn’t available here")
    assert said == ["Pencilin: exclude widget.js from optimisers, or use the link form"]


def test_a_link_elsewhere_stays_as_it_is(here: Booking, page: Page) -> None:
    said = lines(page)
    here.open(page, LINK.replace("/book/willow", "/willow"))
    page.wait_for_function("!!customElements.get('pencilin-booking')")
    expect(page.get_by_role("link", name="Book an appointment")).to_be_visible()
    assert said == [f"Pencilin: no booking page (…/book/willow): {here.base}/willow"]


def test_nothing_moves_once_the_widget_is_there(here: Booking, page: Page) -> None:
    """Not even where there is one service, and its times come after a while."""
    page.add_init_script(
        "window.shifts = []; new PerformanceObserver(list => window.shifts.push(...list.getEntries()"
        ".map(one => one.value))).observe({ type: 'layout-shift', buffered: true })"
    )
    free = held_back(page, "**/availability?*")
    link = LINK.replace("data-pencilin", 'data-service="follow-up" data-pencilin')
    here.open(page, f'<p>Before.</p>{link}<p id="after">After.</p>')
    waiting = free()
    page.locator(".bars").first.wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    page.evaluate("window.shifts.length = 0")
    waiting.continue_()
    here.slot(page).wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.shifts") == []


def test_in_a_box_as_wide_as_its_content_the_layout_stays(here: Booking, page: Page) -> None:
    page.add_init_script("window.failures = []; addEventListener('error', event => failures.push(event.message))")
    here.open(page, f'<div style="float: left">{LINK}</div>')
    here.choose_service(page)
    expect(here.slot(page)).to_be_visible()
    widths = page.evaluate(
        """async () => {
          const seen = [];
          for (let frames = 0; frames < 6; frames++) {
            await new Promise(requestAnimationFrame);
            seen.push(document.querySelector('pencilin-booking').clientWidth);
          }
          return seen;
        }"""
    )
    assert (widths, page.evaluate("failures")) == ([880] * 6, [])
