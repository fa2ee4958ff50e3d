"""Settings → Website widget in a browser: what changes while one chooses, and that the lines work when pasted."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.live_dashboard import LiveDashboard, Serve, open_dashboard
from tests.screens import signed_in
from tests.test_settings_widget import WIDGET, field
from tests.widget_site import Booking, booking, console

# Keeps what the status says, since it says it for a moment only.
HEARD = """() => {
  const said = document.querySelector("#said");
  window.heard = [];
  new MutationObserver(() => heard.push(said.textContent)).observe(said, { childList: true });
}"""
STILL = {"reduced_motion": "reduce", "color_scheme": "light", "forced_colors": "none"}


@pytest.fixture
def live(page: Page, near_server: Serve, sqlite_url: str) -> LiveDashboard:
    return open_dashboard(page, near_server, sqlite_url, manager=True)


@pytest.fixture
def both(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as running:
        yield running


def test_options_rewrite_snippet_and_preview_while_they_are_chosen(live: LiveDashboard, axe: str) -> None:
    page = live.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    live.open(WIDGET)
    snippet, preview = page.get_by_role("textbox", name="Paste this into the page"), page.frame_locator(".preview-page")
    expect(preview.get_by_role("heading", name="Choose a service")).to_be_visible()
    expect(page.get_by_role("button", name="Update the snippet")).to_be_hidden()
    page.get_by_text("Only one service").click()
    page.get_by_label("Service", exact=True).select_option("Follow-up")
    expect(snippet).to_have_value(re.compile('data-service="follow-up"'))
    expect(preview.get_by_role("heading", name="Choose a time")).to_be_visible()
    expect(page.get_by_role("textbox", name="Address of the hosted page")).to_have_value(
        re.compile(r"\?service=follow-up$")
    )
    expect(page).to_have_url(re.compile(r"\?service=follow-up$"))
    page.get_by_label("Colour", exact=True).fill("red")
    expect(page.get_by_label("Colour", exact=True)).to_have_accessible_description(re.compile("Give a colour"))
    page.get_by_label("Colour", exact=True).fill("")
    expect(page.get_by_label("Colour", exact=True)).to_have_accessible_description(re.compile("Leave it empty"))

    page.evaluate(HEARD)
    page.get_by_role("button", name=re.compile("^Copy +Paste this")).click()
    page.wait_for_function("() => heard.includes('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == snippet.input_value()

    page.wait_for_function("() => document.querySelector('.preview-page').getBoundingClientRect().width < 700")
    expect(preview.locator("html")).to_have_js_property("clientWidth", 1024)
    page.get_by_text("Phone", exact=True).click()
    expect(preview.locator("pencilin-booking")).to_be_visible()
    expect(preview.locator("html")).to_have_js_property("clientWidth", 390)
    for media in ({}, {"color_scheme": "dark"}, {"forced_colors": "active"}):
        page.emulate_media(**STILL | media)  # type: ignore[arg-type]
        assert live.findings(axe) == [], media
    page.set_viewport_size({"width": 320, "height": 700})
    assert live.fits()
    assert live.complaints == []


def test_the_webmaster_s_page_shows_by_itself_that_the_pasted_lines_work(
    both: Booking, browser: Chromium, page: Page, axe: str
) -> None:
    mona = signed_in(both.site, "mona")
    mona.follow(mona.submit(mona.get(f"{WIDGET}?service=follow-up&script=pinned"), f"{WIDGET}/links"))
    url = re.findall(r'id="link-\w+" value="([^"]+)"', mona.get(WIDGET).text)[0]

    webmaster = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    problems = console(webmaster.context)
    webmaster.goto(url)
    expect(webmaster.get_by_text("Not seen on any website yet")).to_be_visible()
    for summary in webmaster.locator("summary").all():
        summary.click()
    for media in ("light", "dark"):
        webmaster.emulate_media(color_scheme=media)
        webmaster.evaluate(axe)
        assert webmaster.evaluate("async () => (await axe.run()).violations.map(one => one.id)") == []
    assert webmaster.evaluate("document.documentElement.scrollWidth") <= 390

    errors = console(page.context)
    both.open(page, webmaster.get_by_role("textbox", name="The snippet").input_value())
    expect(page.get_by_text("Follow-up · 30 min")).to_be_visible()
    both.slot(page).click()
    both.form(page)
    host = re.escape(both.website.url.removesuffix("/"))
    expect(webmaster.get_by_role("listitem").filter(has_text="Seen on")).to_have_text(
        re.compile(rf"Seen on {host} \d+ s ago:\s+script\s✓\s+frame\s✓")
    )
    expect(webmaster.get_by_role("status").filter(has_text="script seen")).to_have_count(1)
    assert errors == problems == []
    webmaster.context.close()


def test_without_scripts_a_button_updates_the_snippet(both: Booking, browser: Chromium) -> None:
    mona = signed_in(both.site, "mona")
    context = browser.new_context(java_script_enabled=False, base_url=both.base)
    context.add_cookies([{"name": "pencilin_session", "value": mona.cookies["pencilin_session"], "url": both.base}])
    page = context.new_page()
    page.goto(WIDGET)
    page.get_by_label("How it opens").select_option("Floating button")
    page.get_by_role("button", name="Update the snippet").click()
    expect(page.get_by_role("textbox", name="Paste this into the page")).to_have_value(
        re.compile('data-pencilin="floating"')
    )
    expect(page.get_by_role("button", name=re.compile("^Copy"))).to_have_count(0)
    page.get_by_role("button", name="Send to my webmaster").click()
    page.get_by_role("textbox", name=re.compile("^Made by Mona")).wait_for()
    assert 'data-pencilin="floating"' in field(mona.get(page.url.removeprefix(both.base)), "snippet")
    context.close()
