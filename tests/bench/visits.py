"""Visits of a page by a slow phone: Chromium with a processor four times slower, on a slow 4G connection."""

import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

SLOWER = 4
ROUND_TRIP = 150  # milliseconds
DOWN, UP = 1_600_000 // 8, 750_000 // 8  # bytes a second
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "locale": "en-US",
    "timezone_id": "America/New_York",
}
PATIENCE = 60_000  # milliseconds

# Notes what a visitor notices. A slot can be pressed once it is on the screen, hence the frame that is awaited.
WATCH = """(() => {
  const seen = (window.__seen = { shifts: [], lcp: 0, ready: 0 });
  const watch = (type, note) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("layout-shift", (entry) => entry.hadRecentInput || seen.shifts.push([entry.startTime, entry.value]));
  watch("largest-contentful-paint", (entry) => (seen.lcp = entry.startTime));
  addEventListener("pencilin:ready", () => {
    seen.told ||= performance.now();
    requestAnimationFrame(() => setTimeout(() => (seen.ready ||= performance.now())));
  });
})()"""
LEFT_BEHIND = """async () => document.cookie.length + localStorage.length + sessionStorage.length +
  (await indexedDB.databases()).length + (await caches.keys()).length"""
TIMES = """(script) => ({ ...window.__seen, origin: performance.timeOrigin,
  load: performance.getEntriesByType("navigation")[0].loadEventStart,
  asked: performance.getEntriesByType("resource").find((entry) => entry.name.endsWith(script))?.startTime ?? 0 })"""


@dataclass
class Visit:
    """What one visit showed; times in milliseconds since it began."""

    load: float
    lcp: float
    asked: float = 0
    """When the widget's script was asked for."""
    ready: float = 0
    """When slots could be pressed."""
    shifts: list[tuple[float, float]] = field(default_factory=list)
    """When the layout shifted, and how much."""
    requests: dict[str, int] = field(default_factory=dict)
    """The bytes of each request that was made until slots could be pressed, by address."""
    left_behind: int = 0
    """Cookies, and entries in any storage of the page."""


def visit(browser: Browser, address: str, script: str | None) -> Visit:
    """A first visit, until the page has loaded and, where there is a ``script`` to wait for, slots can be pressed."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        session = slowed(page)
        asked, sizes = watched(session)
        page.goto(address, timeout=PATIENCE)
        if script:
            page.wait_for_function("window.__seen.ready", timeout=PATIENCE)
        page.wait_for_timeout(300)  # what is noted of shifts and paints arrives a little later
        seen = page.evaluate(TIMES, script or "-")
        until = (seen["origin"] + seen.get("told", 0)) / 1000
        requests = {url: sizes.get(one, 0) for one, (url, at) in asked.items() if at <= until}
        left = page.evaluate(LEFT_BEHIND) + len(context.cookies())
        shifts = [(at, by) for at, by in seen["shifts"]]
        return Visit(seen["load"], seen["lcp"], seen["asked"], seen["ready"], shifts, requests, left)
    finally:
        context.close()


def slowed(page: Page) -> CDPSession:
    """Makes the page's processor and network slow."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": ROUND_TRIP, "downloadThroughput": DOWN, "uploadThroughput": UP},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def watched(session: CDPSession) -> tuple[dict[str, tuple[str, float]], dict[str, int]]:
    """Fills, from now on, address and time (seconds) of each request, and how many bytes each answer had."""
    asked: dict[str, tuple[str, float]] = {}
    sizes: dict[str, int] = {}

    def begun(event: dict[str, Any]) -> None:
        asked[event["requestId"]] = event["request"]["url"], event["wallTime"]

    def ended(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", begun)
    session.on("Network.loadingFinished", ended)
    return asked, sizes


def longest_task(browser: Browser, address: str, script: str) -> float:
    """The longest task, in milliseconds, in which code of the script ran until slots could be pressed."""
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory(prefix="pencilin-bench-") as folder:
        page = context.new_page()
        page.add_init_script(WATCH)
        slowed(page)
        trace = Path(folder) / "trace.json"
        browser.start_tracing(page=page, path=trace, categories=["toplevel", "devtools.timeline", "v8"])
        page.goto(address, timeout=PATIENCE)
        page.wait_for_function("window.__seen.ready", timeout=PATIENCE)
        time.sleep(0.2)
        browser.stop_tracing()
        context.close()
        return max(tasks_with(json.loads(trace.read_text())["traceEvents"], script), default=0.0)


def tasks_with(events: list[dict[str, Any]], script: str) -> list[float]:
    """How long the tasks took that ran code of the script: milliseconds of the processor, which others may share."""
    ours = [event for event in events if script in str(event.get("args", {}).get("data", {}))]
    tasks = [event for event in events if str(event["name"]).endswith("RunTask") and "dur" in event]
    return [
        task.get("tdur", task["dur"]) / 1000
        for task in tasks
        if any(
            (one["pid"], one["tid"]) == (task["pid"], task["tid"])
            and task["ts"] <= one["ts"] <= task["ts"] + task["dur"]
            for one in ours
        )
    ]
