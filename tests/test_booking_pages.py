"""What visitors look at on the server itself: the hosted page and the frame, with the headers that each needs."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select
from starlette.testclient import TestClient

from pencilin.database import Database
from pencilin.models import Practice
from pencilin.web.booking_pages import frame_ancestors
from tests.axe import findings
from tests.staff_site import Site, site
from tests.widget_site import Booking, booking


@pytest.fixture
def server(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    database = Database(sqlite_url)
    yield site(database, monkeypatch)
    database.close()


@pytest.fixture
def client(server: Site) -> TestClient:
    return TestClient(server.app, base_url=server.config.base_url, headers={"Accept": "text/html"})


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Booking]:
    with booking(sqlite_url, monkeypatch) as both:
        yield both


def test_the_frame_loads_nothing_from_elsewhere_and_may_stand_anywhere(client: TestClient) -> None:
    answer = client.get("/embed/willow/details")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("frame-ancestors *")
    assert "unsafe" not in policy
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_once_a_practice_lists_its_sites_only_they_may_show_the_frame(server: Site, client: TestClient) -> None:
    def restrict(session: Session, now: object) -> None:
        session.exec(select(Practice).where(Practice.slug == "willow")).one().sites = ["https://www.willow.example"]

    server.database.write(restrict)
    policy = client.get("/embed/willow/details").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://willow.example https://www.willow.example")
    assert client.get("/embed/birch/details").headers["content-security-policy"].endswith("frame-ancestors *")


@pytest.mark.parametrize(
    ("listed", "allowed"),
    [
        ("willow.example", "'self' https://willow.example https://www.willow.example"),
        ("https://willow.example", "'self' https://willow.example https://www.willow.example"),
        ("http://localhost:8001", "'self' http://localhost:8001 http://www.localhost:8001"),
    ],
)
def test_a_site_counts_with_and_without_www(listed: str, allowed: str) -> None:
    assert frame_ancestors([listed]) == allowed
    assert frame_ancestors([listed, listed]) == allowed


def test_the_hosted_page_stands_in_no_frame(client: TestClient) -> None:
    answer = client.get("/book/willow")
    assert answer.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert "Willow Nutrition" in answer.text
    assert '<pencilin-booking practice="willow" lang="en">' in answer.text


def test_the_hosted_page_takes_over_slugs_and_times_and_nothing_else(client: TestClient) -> None:
    start = "2026-11-24T09:00:00-05:00"
    page = client.get(f"/book/willow?service=first-visit&start={quote(start)}&hold=%22%3E%3Cscript%3E&theme=dark").text
    assert f'service="first-visit" start="{start}"' in page
    assert "hold=" not in page
    assert "theme=" not in page


def test_an_unknown_practice_is_said_kindly(client: TestClient) -> None:
    for path in ("/book/nobody", "/embed/nobody/details"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "There is no practice with this name here" in answer.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_visitor_books_on_the_hosted_page(here: Booking, page: Page, axe: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.clock.install(time=here.site.now)
    page.goto(f"{here.base}/book/willow")
    form = here.choose_slot(page)
    assert findings(page, axe) == []
    here.fill(form)
    here.send(form)
    expect(form.get_by_role("heading", name="Request received")).to_be_visible()
