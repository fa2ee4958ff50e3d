"""The README's pictures, taken of the demo: ``python -m tests.rig.screenshots`` after a change that shows."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.rig import browser as browsers
from tests.rig.demo import Demo, demo
from tests.widget_site import Website, website

FOLDER = Path(__file__).parent.parent / "screenshots"
PHONE = (390, 844)
DESK = (1280, 860)


def main() -> None:
    """Takes them all; raises when a page isn't as it should be."""
    found = browsers.find()
    assert found, "a browser is needed"
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as practice, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(found))
        the_widget(browser, practice)
        other_websites(browser, practice)
        the_settings(browser, practice)
        the_desk(browser, practice)
        the_mail(browser, practice)
        browser.close()


def opened(browser: Browser, size: tuple[int, int], address: str) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    return page


def take(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


def the_widget(browser: Browser, practice: Demo) -> None:
    """Up to the last screen on a phone; the time step on a desktop, too."""
    for size, kind in ((PHONE, "phone"), (DESK, "desktop")):
        page = opened(browser, size, practice.website)
        page.get_by_role("button", name=re.compile("^First visit")).click()
        heading = page.get_by_role("heading", name="Choose a time")
        heading.wait_for()
        slots = page.get_by_role("button", name=re.compile(r"^\d+:\d\d [AP]M$"))
        slots.first.wait_for()
        heading.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 120)")
        take(page, f"widget-time-{kind}")
        if kind == "phone":
            slots.nth(3).click()
            the_form(page)
        page.context.close()


def other_websites(browser: Browser, practice: Demo) -> None:
    """A dialog on a dark page, and the time step on an Arabic one."""
    with website(practice.dashboard.removesuffix("/calendar")) as site:
        dark = f"""<body style="background:#0b0f14;color:#e6edf3;font:18px/1.6 Georgia,serif;margin:3rem">
            <h1>Willow Nutrition</h1><p>We look forward to seeing you.</p>
            <p><a href="{site.base}/book/willow" data-pencilin="button" data-accent="#f0a35e">Book a visit</a></p>"""
        page = on_page(browser, DESK, site, dark, "en")
        page.locator("pencilin-booking").get_by_text("Book a visit").click()
        page.get_by_role("button", name=re.compile("^First visit")).click()
        page.get_by_role("button", name=re.compile(r"^\d+:\d\d [AP]M$")).first.wait_for()
        take(page, "widget-dialog-dark")
        page.context.close()
        arabic = f"""<body style="font-family:sans-serif;margin:1rem"><h1>عيادة الصفصاف</h1>
            <a href="{site.base}/book/willow" data-pencilin="inline" data-service="first-visit">احجز موعدًا</a>"""
        page = on_page(browser, PHONE, site, arabic, "ar")
        page.locator('[part="slot"]').first.wait_for()
        take(page, "widget-arabic-phone")
        page.context.close()


def on_page(browser: Browser, size: tuple[int, int], site: Website, body: str, lang: str) -> Page:
    """A page with this body on a practice's own website, and the widget's script."""
    site.html = f"""<!doctype html><html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"><meta charset="utf-8">
        <meta name="viewport" content="width=device-width"><title>Willow</title>{body}
        <script async src="{site.base}/widget.js"></script>"""
    return opened(browser, size, site.url)


def the_settings(browser: Browser, practice: Demo) -> None:
    """What a manager sees of the widget, and of what came by it."""
    page = opened(browser, DESK, practice.dashboard)
    page.get_by_label("Email").fill("sam@willow.example")
    page.get_by_label("Password").fill(practice.password)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".ec-main").wait_for()
    page.goto(practice.dashboard.removesuffix("/calendar") + "/settings/widget")
    page.frame_locator("iframe").first.get_by_role("button", name=re.compile("^First visit")).wait_for()
    take(page, "settings-widget")
    page.goto(practice.dashboard.removesuffix("/calendar") + "/insights")
    page.get_by_role("heading", name="Insights").wait_for()
    take(page, "insights")
    page.context.close()


def the_form(page: Page) -> None:
    form = page.frame_locator('iframe[title="Your details"]')
    form.get_by_label("First name", exact=True).fill("Noa")
    form.get_by_label("Last name").fill("Lindqvist")
    form.get_by_label("Email").fill("noa.lindqvist@mail.example")
    form.get_by_label("Phone").fill("(212) 555-0161")
    page.locator('iframe[title="Your details"]').evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 200)")
    take(page, "widget-details-phone")
    form.get_by_label("I agree").check()
    form.get_by_role("button", name="Request appointment").click()
    form.get_by_role("heading", name="Request received").wait_for()
    page.locator('iframe[title="Your details"]').evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 100)")
    take(page, "widget-received-phone")


def the_desk(browser: Browser, practice: Demo) -> None:
    """The calendar, and Edit Appointment for each of the demo's requests."""
    page = opened(browser, DESK, practice.dashboard)
    page.get_by_label("Email").fill(practice.email)
    page.get_by_label("Password").fill(practice.password)
    page.get_by_role("button", name="Sign in").click()
    page.locator(".ec-main").wait_for()
    page.locator(".ec-event").get_by_text("Tentative", exact=True).first.wait_for()
    page.wait_for_timeout(500)
    take(page, "calendar-week")
    base = practice.dashboard.removesuffix("/calendar")
    page.goto(f"{base}/requests")
    take(page, "requests")
    addresses = page.locator('a[href^="/appointments/"]').evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    for address in dict.fromkeys(addresses):
        page.goto(base + address)
        region = page.get_by_role("region", name="Tentative appointment").inner_text()
        if "Very likely" in region:
            take(page, "edit-appointment")
            page.get_by_role("button", name=re.compile("^Unlink")).first.click()
            page.get_by_role("combobox", name="Search clients").press_sequentially("ma")
            page.locator("[role=option]").first.wait_for()
            take(page, "edit-appointment-search")
        elif "Possible" not in region:
            take(page, "edit-appointment-new")
    page.context.close()


def the_mail(browser: Browser, practice: Demo) -> None:
    """The mail that brings staff to a request."""
    page = opened(browser, (760, 900), practice.mailbox)
    page.get_by_role("link", name=re.compile("New appointment request")).first.click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("View appointment").first.wait_for()
    take(page, "mail-new-booking")
    page.context.close()


if __name__ == "__main__":
    main()
