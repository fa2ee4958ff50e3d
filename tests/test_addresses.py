"""Addresses: the hosts that are ours, the scheme, and what becomes of a slash or a method too many."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pencilin.database import Database
from tests.staff_site import HERE, Site, site


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


@pytest.mark.parametrize(
    ("base_url", "host", "known"),
    [
        ("https://book.willow.example", "book.willow.example", True),
        ("https://book.willow.example", "BOOK.willow.example", True),
        ("https://book.willow.example", "book.willow.example:8000", False),
        ("https://book.willow.example", "willow.example", False),
        ("https://book.willow.example", "127.0.0.1", False),
        ("https://book.willow.example", "book.willow.example.evil.example", False),
        ("http://127.0.0.1:8000", "127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", "localhost:8000", True),
        ("http://127.0.0.1:8000", "[::1]:8000", True),
        ("http://127.0.0.1:8000", "127.0.0.1:8001", False),
        ("http://127.0.0.1:8000", "evil.example", False),
        ("http://127.0.0.1:8000", "", False),
    ],
)
def test_only_our_own_hosts_are_answered(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, base_url: str, host: str, known: bool
) -> None:
    here = site(Database(sqlite_url), monkeypatch, base_url=base_url)
    assert here.browser().get("/login", Host=host).status_code == (200 if known else 400)


def test_a_proxy_that_we_trust_may_name_the_host(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = site(Database(sqlite_url), monkeypatch, base_url="https://book.willow.example", proxies="10.0.0.0/8")
    forwarded = {"Host": "10.0.0.5:8000", "X-Forwarded-Host": "book.willow.example"}
    assert here.browser("10.0.0.1").get("/login", **forwarded).status_code == 200
    assert here.browser("203.0.113.7").get("/login", **forwarded).status_code == 400


def test_monitors_may_ask_by_address(here: Site) -> None:
    assert here.browser().get("/health", Host="10.1.2.3:8000").status_code == 200


def test_no_answer_repeats_the_host_it_was_asked_for(here: Site) -> None:
    given = here.browser().get("/login", Host="evil.example")
    assert "evil.example" not in given.text and HERE in given.text


def test_an_address_says_all_that_it_takes(here: Site) -> None:
    client = here.browser().client
    for path, takes in (
        ("/login", "GET, HEAD, POST"),
        ("/login/code/check", "POST"),
        ("/calendar", "GET, HEAD"),
        ("/assets/widget/details.js", "GET, HEAD"),
    ):
        given = client.put(path)
        assert (given.status_code, given.headers["allow"]) == (405, takes), path


@pytest.mark.parametrize(
    ("typed", "leads_to"),
    [
        ("/book/willow/", "/book/willow"),
        ("/book/willow/?service=first-visit&lang=de", "/book/willow?service=first-visit&lang=de"),
        ("/book/h%C3%B6fe/", "/book/h%C3%B6fe"),
        ("/login/", "/login"),
    ],
)
def test_a_slash_too_many_is_forgiven_to_readers(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, typed: str, leads_to: str
) -> None:
    here = site(Database(sqlite_url), monkeypatch, base_url="https://book.willow.example")
    client = here.browser().client
    for method in ("GET", "HEAD"):
        given = client.request(method, typed, follow_redirects=False)
        assert (given.status_code, given.headers["location"]) == (307, leads_to)
    assert client.post(typed, follow_redirects=False).status_code == 405


def test_nothing_that_was_sent_is_sent_on(here: Site) -> None:
    for path in ("/api/v1/practices/willow/bookings/", "/api/v1/practices/willow/holds/", "/login/code/"):
        given = here.browser().client.post(path, json={"note": "private"}, follow_redirects=False)
        assert (given.status_code, "location" in given.headers) == (404, False), path


@pytest.mark.parametrize("base_url", ["https://book.willow.example", "http://127.0.0.1:8000"])
def test_the_scheme_is_the_public_one(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, base_url: str) -> None:
    async def whole(request: Request) -> Response:
        return Response(str(request.url))

    here = site(Database(sqlite_url), monkeypatch, Route("/whole", whole), base_url=base_url)
    for hop in ("http", "https"):
        client = TestClient(here.app, f"{hop}://{here.config.host}")
        assert client.get("/whole", headers={"Host": here.config.host}).text == f"{base_url}/whole"
