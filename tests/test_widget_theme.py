"""The widget takes the page's colours, font and corners, and what it makes of them can be read."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.widget_site import LINK, SCRIPT, Booking, booking

ACCENTS = (
    "yellow",
    "#ff0",
    "hsl(60 100% 50%)",
    "rgb(255 255 0 / 90%)",
    "oklch(0.97 0.21 110)",
    "color(display-p3 1 1 0)",
    "#7c3aed",
    "#777",
    "nonsense",
)
OWN = "--pencilin-background: oklch(0.35 0.06 250); --pencilin-text: #567; --pencilin-accent: #124;"
OWN += "--pencilin-radius: 3px; --pencilin-font: 'DejaVu Sans Mono'"
# As the browser computes them, in the widget or in its frame.
COLOURS = """element => { const of = name => { element.style.color = `var(--${name})`;
  const found = getComputedStyle(element).color; element.style.color = ""; return found };
  const names = ["paper", "ground", "ink", "muted", "edge", "accent", "on-accent"];
  return Object.fromEntries(names.map(name => [name, of(name)])) }"""
LARGE = """<script>addEventListener("pencilin:step", event => {
  event.target.shadowRoot.querySelector(".root").style.fontSize = "32px" })</script>"""

Rgb = tuple[float, float, float]


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def rgb(colour: str) -> Rgb:
    r, g, b = (float(value) for value in re.findall(r"[\d.]+", colour))
    return r, g, b


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2."""

    def luminance(colour: str) -> float:
        shares = [value / 255 for value in rgb(colour)]
        r, g, b = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def is_readable(colours: dict[str, str]) -> bool:
    texts = [("ink", "paper"), ("muted", "ground"), ("accent", "paper"), ("accent", "ground"), ("on-accent", "accent")]
    return (
        all(contrast(colours[text], colours[behind]) >= 4.5 for text, behind in texts)
        and contrast(colours["edge"], colours["paper"]) >= 3
    )


def body_of(form: FrameLocator) -> dict[str, str]:
    found: dict[str, str] = form.locator("body").evaluate(COLOURS)
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_accent_in_any_syntax_becomes_readable(here: Booking, page: Page, theme: str) -> None:
    buttons = [LINK.replace("inline", f'button" data-theme="{theme}" data-accent="{accent}') for accent in ACCENTS]
    here.open(page, "".join(buttons))
    roots = page.locator("pencilin-booking .root")
    expect(roots).to_have_count(len(ACCENTS))
    for accent, root in zip(ACCENTS, roots.all(), strict=True):
        assert is_readable(root.evaluate(COLOURS)), accent
    yellow, *others = [root.evaluate(COLOURS)["accent"] for root in roots.all()]
    assert others[0] == others[1] == yellow
    assert others[-1] == {"light": "rgb(15, 118, 110)", "dark": "rgb(51, 168, 157)"}[theme]


def test_the_pages_own_colours_are_the_frames_too(here: Booking, page: Page) -> None:
    here.open(page, SCRIPT, head=f"<style>pencilin-booking {{ {OWN} }}</style>")
    form = here.choose_slot(page)
    inside, outside = body_of(form), page.locator(".root").evaluate(COLOURS)
    assert inside == outside
    assert is_readable(inside)
    assert contrast(inside["paper"], "rgb(255, 255, 255)") > 7
    style = form.locator("html").evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).fontFamily]")
    assert style == [inside["paper"], '"DejaVu Sans Mono"']
    assert form.locator(".field").first.evaluate("e => getComputedStyle(e).borderRadius") == "3px"


def test_a_page_that_turns_dark_takes_the_widget_and_the_form_with_it(here: Booking, page: Page) -> None:
    style = (
        "<style>body { background: #fff; transition: background .8s linear } .night { background: oklch(0.2 0.02 250) }"
    )
    here.open(page, SCRIPT, head=f"{style}</style>")
    form = here.choose_slot(page)
    here.fill(form)
    expect(page.locator(".root")).to_have_attribute("data-theme", "light")
    page.evaluate("document.body.className = 'night'")
    expect(page.locator(".root")).to_have_attribute("data-theme", "dark")
    expect(form.locator("html")).to_have_attribute("data-theme", "dark")
    expect(form.get_by_label("Email")).to_have_value("kim.lee@mail.example")
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
    page.evaluate("document.body.className = ''")
    expect(form.locator("html")).to_have_attribute("data-theme", "light")
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()


def test_without_colours_of_its_own_everything_is_still_told_apart(here: Booking, page: Page) -> None:
    """Forced colours, as people who see little choose them."""
    page.emulate_media(forced_colors="active")
    here.open(page)
    here.choose_service(page)
    chosen, other = page.locator('.day[aria-pressed="true"]'), page.locator('.day[aria-pressed="false"]').last
    colour = "e => getComputedStyle(e).backgroundColor"
    assert chosen.evaluate(colour) != other.evaluate(colour)
    slot = here.slot(page)
    assert slot.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    slot.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert slot.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_text_of_twice_the_size_fits(here: Booking, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    here.open(page, LARGE + LINK)
    here.choose_service(page)
    here.slot(page).wait_for()
    clipped = page.locator("pencilin-booking").evaluate(
        "e => [...e.shadowRoot.querySelectorAll('button, select, h2, h3, p, .number')]"
        ".filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline'"
        " && !one.matches('.unseen')).map(one => one.outerHTML)"
    )
    assert clipped == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
