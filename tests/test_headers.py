"""What every answer carries, errors included: compared whole, for every route that there is."""

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response as Answer
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from pencilin.database import Database
from pencilin.web.delivery import versioned_widget
from pencilin.web.http import Call, answer, endpoint
from tests.staff_site import HERE, Site, site

API = "/api/v1/practices/{practice}"
FEATURES = ["accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
            "magnetometer", "microphone", "midi", "payment", "usb"]  # fmt: skip
DEFAULTS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
PAGE = (
    "default-src 'none'; script-src 'nonce-NONCE'; style-src 'self' 'nonce-NONCE'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Security headers, plus those that would belong to them.
WATCHED = re.compile(
    r"^(x-|cross-origin-|content-security|referrer|permissions|strict-|cache-control|server|access-control)"
)

READABLE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
# Where a route's answers differ from the defaults, and why that is right.
DIFFERENT: dict[str, dict[str, str]] = {
    "/widget.js": READABLE,
    "/widget/words/{lang}.json": READABLE,
    "/widget/{version}/{digest}.js": READABLE,
    "/assets/{folder}/{file}": READABLE,
    "/api/v1/openapi.json": READABLE,
    "/api/v1/practices/{practice}": READABLE,
    "/api/v1/practices/{practice}/availability": READABLE,
    "/api/v1/practices/{practice}/holds": READABLE,
    "/api/v1/practices/{practice}/holds/{hold}": READABLE,
    "/api/v1/practices/{practice}/holds/{hold}/extension": READABLE,
    "/embed/{practice}/details": {
        "content-security-policy": PAGE.replace("ancestors 'none'", "ancestors *"),
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "cross-origin",
    },
}
# These may be kept by browsers; the files' own tests say how long.
KEPT = (
    "/book/{practice}/logo",
    "/widget",
    "/assets/",
    "/api/v1/openapi.json",
    "/api/v1/practices/{practice}",
    "/calendar-feed/",
)


def fails(call: Call) -> Response:
    raise ZeroDivisionError("Kim Lee was born on 1985-03-24")


def own_headers(call: Call) -> Response:
    return answer({}, headers={"Cache-Control": "public, max-age=60", "Content-Security-Policy": "sandbox"})


async def in_the_raw(request: Request) -> Response:
    return Response("ok", headers={"Referrer-Policy": "no-referrer"})


EXTRA = (Route("/fails", endpoint(fails)), Route("/own", endpoint(own_headers)), Route("/raw", in_the_raw))


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch, *EXTRA)


FRAMED = ("/settings/widget/preview", "/settings/emails/preview")


def watched(given: Answer) -> dict[str, str]:
    found = {name: value for name, value in given.headers.items() if WATCHED.match(name)}
    nonces = set(re.findall(r"'nonce-([\w-]{22})'", found["content-security-policy"]))
    assert len(nonces) <= 1
    for nonce in nonces:
        assert f'nonce="{nonce}"' in given.text or "<script" not in given.text
        found["content-security-policy"] = found["content-security-policy"].replace(nonce, "NONCE")
    return found


def expected(path: str, given: Answer) -> dict[str, str]:
    base = DEFAULTS | DIFFERENT.get(path, {})
    if given.headers.get("content-type", "").startswith("text/html") and "content-security-policy" not in DIFFERENT.get(
        path, {}
    ):
        # The previews are there to be framed, by our own pages about the widget and the mails alone.
        framed = path in FRAMED and given.status_code == 200
        base["content-security-policy"] = PAGE.replace("ancestors 'none'", "ancestors 'self'") if framed else PAGE
    return base


def requests_for(here: Site) -> Iterator[tuple[str, str, str]]:
    """Method, route and a real address of every route."""
    script = re.fullmatch(r"/widget/(.+)/(.+)\.js", versioned_widget().path)
    assert script
    values = {"practice": "willow", "appointment": here.appointment().id, "client": here.cast.kim.id}
    values |= {"lang": "en", "version": script[1], "digest": script[2], "folder": "widget", "file": "details.js"}
    for route in here.app.routes:
        if isinstance(route, Route):
            address = re.sub(r"\{(\w+)[^}]*\}", lambda found: values.get(found[1], "x" * 12), route.path)
            for method in sorted(route.methods or ()):
                yield method, route.path, address


def test_every_route_answers_with_exactly_these(here: Site) -> None:
    signed_in = here.browser()
    signed_in.sign_in("mona@willow.example")
    looked_at = 0
    for browser in (here.browser(), signed_in):
        for method, path, address in requests_for(here):
            if path in ("/fails", "/own", "/raw"):
                continue
            given = browser.client.request(method, address, headers={"Accept": "text/html"})
            found, wanted = watched(given), expected(path, given)
            if path.startswith(KEPT) and given.status_code == 200:
                found.pop("cache-control")
                wanted.pop("cache-control")
            assert found == wanted, (method, path, given.status_code)
            assert "unsafe" not in found["content-security-policy"]
            looked_at += 1
    assert looked_at > 80


def test_text_says_its_charset(here: Site) -> None:
    for method, path, address in requests_for(here):
        if path != "/fails":
            kind = here.browser().client.request(method, address).headers.get("content-type", "")
            assert "charset=utf-8" in kind or not kind.startswith("text/"), (path, kind)


def test_public_answers_set_no_cookie(here: Site) -> None:
    for method, path, address in requests_for(here):
        if path.startswith(
            ("/api/", "/book/", "/embed/", "/manage/", "/widget", "/assets/", "/calendar-feed/", "/health", "/ready")
        ):
            assert "set-cookie" not in here.browser().client.request(method, address).headers, path


def errors(here: Site) -> Iterator[tuple[int, Answer]]:
    browser = here.browser()
    client = TestClient(here.app, HERE, raise_server_exceptions=False, follow_redirects=False)
    html = {"Accept": "text/html"}
    yield 404, browser.get("/nothing/here")
    yield 405, browser.client.put("/login", headers=html)
    yield 403, browser.post("/login", {})
    yield 400, browser.get("/login", Host="evil.example")
    yield 413, browser.client.post("/login", content=b"x" * 70_000, headers=html)
    yield 413, browser.client.post("/login", content=(b"x" * 1000 for _ in range(70)), headers=html)
    yield 500, client.get("/fails", headers=html)


def test_errors_are_pages_with_a_way_on_and_the_same_headers(here: Site) -> None:
    for status, given in errors(here):
        assert given.status_code == status
        assert watched(given) == DEFAULTS | {"content-security-policy": PAGE}, status
        assert 'href="/calendar"' in given.text and "<h1" in given.text
        assert "Kim Lee" not in given.text and "1985" not in given.text


def test_programs_get_problems_as_json(here: Site) -> None:
    for path, status, code in (("/api/v1/nothing", 404, "not_found"), ("/nothing", 404, "not_found")):
        given = here.browser().get(path, Accept="application/json")
        assert (given.status_code, given.headers["content-type"]) == (status, "application/problem+json")
        assert given.json() == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nothing at this address.",
            "code": code,
        }


def test_clients_are_not_sent_to_the_dashboard(here: Site) -> None:
    for path in ("/book/nobody", "/manage/x", "/embed/nobody/details"):
        given = here.browser().get(path)
        assert given.status_code == 404
        assert "/calendar" not in given.text and "/login" not in given.text
    assert "frame-ancestors *" in here.browser().get("/embed/nobody/details").headers["content-security-policy"]


def test_a_handler_knows_better(here: Site) -> None:
    given = here.browser().get("/own")
    assert given.headers.get_list("cache-control") == ["public, max-age=60"]
    assert given.headers.get_list("content-security-policy") == ["sandbox"]
    assert here.browser().get("/raw").headers.get_list("referrer-policy") == ["no-referrer"]


def test_https_is_remembered(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = site(Database(sqlite_url), monkeypatch, *EXTRA, base_url="https://book.willow.example")
    for path in ("/login", "/api/v1/nothing", "/nothing"):
        assert here.browser().get(path).headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    client = TestClient(here.app, here.config.base_url, raise_server_exceptions=False)
    assert client.get("/fails").headers["strict-transport-security"]


def test_files_are_no_routes_of_their_own(here: Site) -> None:
    assert [route.path for route in here.app.routes if isinstance(route, Mount)] == []
    assert watched(here.browser().get("/assets/dashboard/dashboard.css")) == DEFAULTS | {"cache-control": "no-cache"}


@pytest.mark.parametrize(("file", "age"), [("details.js", "no-cache"), ("none.js", "no-store")])
def test_the_widgets_files_may_be_loaded_by_any_page(here: Site, file: str, age: str) -> None:
    given = here.browser().get(f"/assets/widget/{file}", Accept="application/json", Origin="https://willow.example")
    assert watched(given) == DEFAULTS | READABLE | {"cache-control": age}
    assert "set-cookie" not in given.headers


@pytest.mark.parametrize(
    ("address", "readable"),
    [
        ("/api/v1/practices/willow/fails", True),
        ("/api/v1/practices/bookings", True),
        ("/api/v1/practices/willow/bookings", False),
        ("/api/v1/practices/willow/bookings%0A", False),
        ("/api/v1/practices/willow/bookings/correction", False),
        ("/fails", False),
    ],
)
def test_errors_can_be_read_where_answers_can(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, address: str, readable: bool
) -> None:
    methods = ["GET", "POST"]
    paths = ("/fails", f"{API}/fails", f"{API}/bookings", f"{API}/bookings/correction")
    failing = (Route(path, endpoint(fails), methods=methods) for path in paths)
    here = site(Database(sqlite_url), monkeypatch, *failing, Route(API, endpoint(fails)))
    client = TestClient(here.app, HERE, raise_server_exceptions=False)
    given = client.get(address, headers={"Accept": "application/json"})
    assert given.status_code == 500
    assert watched(given) == DEFAULTS | (READABLE if readable else {})
    asked = client.options(address, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert ("access-control-allow-methods" in asked.headers) == readable
