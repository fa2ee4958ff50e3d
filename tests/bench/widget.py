"""What the widget costs a visitor and the website that it stands on, in a real browser on a slow phone."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

from playwright.sync_api import Browser, sync_playwright

import build
from pencilin.database import Database
from tests.bench.figures import Figure, p50
from tests.bench.host_page import files, website
from tests.bench.visits import Visit, longest_task, visit
from tests.cast import willow
from tests.rig.browser import find
from tests.rig.server import serving

ROUNDS, TRACED = 9, 5
# By page, the script to wait for.
SCRIPTS = {
    "bare/with": "/widget.js",
    "bare/reserved": "/widget.js",
    "bare/least": "/least.js",
    "heavy/with": "/widget.js",
    "heavy/without": None,
}
# A phone keeps a page and its frames in one process.
ONE_PROCESS = ["--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process"]


def measure() -> Iterator[Figure]:
    """With the widget, without it, and with the least that could take its place, in turns; medians."""
    found = find()
    if found is None:
        print("widget: no browser was found; python3 build.py test installs one", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="pencilin-bench-") as folder, ExitStack() as running:
        url = f"sqlite:///{folder}/bench.db"
        database = Database(url)
        database.migrate()
        database.write(lambda session, now: willow(session, now=now))
        database.close()
        base = running.enter_context(serving(url, PENCILIN_LIMITS="off")).url
        script_bytes = (build.ASSETS / "widget" / "widget.js.br").stat().st_size
        host = running.enter_context(website(files(base, str(datetime.now(UTC).date()), script_bytes)))
        play = running.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=found, args=ONE_PROCESS)
        yield from figures(browser, host, base)
        browser.close()


def figures(browser: Browser, host: str, base: str) -> Iterator[Figure]:
    """All figures of the widget at ``base`` on the website at ``host``."""
    visits: dict[str, list[Visit]] = {kind: [] for kind in SCRIPTS}
    for round in range(ROUNDS + 1):
        for kind, script in SCRIPTS.items():
            seen = visit(browser, f"{host}/{kind}", script)
            if round:  # the first of each is not counted: the server wakes up
                visits[kind].append(seen)
    ours = visits["bare/with"]
    ours.sort(key=lambda one: -len(one.requests))

    asked = [url for url in ours[0].requests if url.startswith(base)]
    others = [url for url in ours[0].requests if not url.startswith((base, host, "data:"))]
    size = p50([sum(one.requests[url] for url in one.requests if url.startswith(base)) for one in ours])
    calls = ", ".join(url.removeprefix(base).partition("?")[0] for url in asked)
    yield Figure("widget: requests until slots can be pressed", len(asked), "requests", 3, calls)
    yield Figure("widget: their bytes, heads included", size, "bytes", None)
    yield Figure("widget: requests to third parties", len(others), "requests", 0, ", ".join(others))
    yield Figure("widget: cookies and storage on the page", max(one.left_behind for one in ours), "entries", 0)

    took = [one.ready - one.asked for one in ours]
    least = [one.ready - one.asked for one in visits["bare/least"]]
    note = f"the least possible {p50(least):,.0f} ms: {p50(took) / p50(least):.2f} times"
    yield Figure("widget: from asking for it to pressable slots", p50(took), "ms", 1500, note)
    longest = [longest_task(browser, f"{host}/bare/with", "/widget.js") for _ in range(TRACED)]
    yield Figure("widget: its longest task", p50(longest), "ms", 50, f"of {min(longest):.0f} to {max(longest):.0f} ms")
    shift, reserved = (
        p50([sum(by for _, by in one.shifts) for one in visits[kind]]) for kind in ("bare/with", "bare/reserved")
    )
    note = f"{shift:.3f} where a page without room for it shows something below"
    yield Figure("widget: layout shift, in a place of its own", reserved, "", 0, note)
    for what, name in (("load event", "load"), ("largest paint", "lcp")):
        with_it, without = (
            p50([getattr(one, name) for one in visits[kind]]) for kind in ("heavy/with", "heavy/without")
        )
        note = f"{without:,.0f} ms without it, {with_it:,.0f} ms with it"
        yield Figure(f"widget: the page's own {what} later by", (with_it / without - 1) * 100, "%", 2, note)
