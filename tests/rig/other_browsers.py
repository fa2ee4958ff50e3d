"""A whole booking in a browser that isn't Chromium: ``python -m tests.rig.other_browsers``, after a test run.

By hand, not in CI: it needs a Firefox from the system (``apt-get install firefox-esr``), which the locked Playwright
can drive well enough for this much and no more. Safari's engine can't be driven with what is locked.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect, sync_playwright

from pencilin.database import Database
from tests.host_site import choose_service, choose_time, fill, show
from tests.widget_site import Booking, booking, console

PAGES = ("plain", "theme", "policy", "rtl")
FIREFOX = ("firefox-esr", "firefox")
# Pages that Firefox keeps for its back button confuse Playwright.
PREFERENCES = {"fission.bfcacheInParent": False, "browser.sessionhistory.max_total_viewers": 0}


def main() -> int:
    """Says for each page whether it could be booked with; 1 where one could not, 2 without a Firefox."""
    found = next(filter(None, map(shutil.which, FIREFOX)), None)
    if not found:
        print("no Firefox here: apt-get install firefox-esr", file=sys.stderr)
        return 2
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.firefox.launch(
            channel="moz-firefox", executable_path=found, firefox_user_prefs=dict(PREFERENCES)
        )
        print(f"Firefox {browser.version}")
        for name in PAGES:
            problems = booked_on(name, browser.new_context(locale="en-US", timezone_id="America/New_York"))
            failed += bool(problems)
            print(f"{name:<12} {'; '.join(problems) or 'booked'}", flush=True)
        browser.close()
    return int(failed > 0)


def booked_on(name: str, context: BrowserContext) -> list[str]:
    """What went wrong on one page; nothing where the last screen came without an error."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        address = f"sqlite:///{Path(folder) / 'pencilin.db'}"
        database = Database(address)
        database.migrate()
        database.close()
        with booking(address, monkeypatch) as here:
            errors = console(context)
            try:
                book(here, context, name)
            except AssertionError as error:
                errors.append(str(error).splitlines()[0])
            context.close()
            # Firefox asks for an icon that nobody has named, and the page's own policy refuses it.
            return [error for error in errors if "favicon.ico" not in error]


def book(here: Booking, context: BrowserContext, name: str) -> None:
    show(here, name)
    page = context.new_page()
    page.goto(here.website.url)
    widget = page.locator("pencilin-booking").first
    choose_service(widget)
    choose_time(widget)
    form = widget.frame_locator("iframe")
    fill(form)
    # Playwright's own clicks and keys miss what is inside of a frame from another site here.
    form.locator('[name="consent"]').dispatch_event("click")
    form.locator("button[type=submit]").dispatch_event("click")
    expect(form.locator(".receipt .reference")).to_be_visible()


if __name__ == "__main__":
    sys.exit(main())
