"""Where the widget was seen: noted from what browsers say, bounded, and never at anybody's cost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from pencilin.database import Database
from pencilin.errors import Unavailable
from pencilin.models import Practice, Sighting
from pencilin.website import sightings, sites
from pencilin.website.sightings import Seen, SeenSite, Throttle, other_site
from tests.cast import NOW, willow
from tests.staff_site import Site, site

SCRIPT, FRAME = "/api/v1/practices/willow", "/embed/willow/details"
WEBSITE = "https://www.willow.example"
PUBLIC = "https://book.willow.example"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch, base_url=PUBLIC)


@pytest.fixture
def client(here: Site) -> TestClient:
    return TestClient(here.app, base_url=here.config.base_url)


def seen(here: Site) -> list[SeenSite]:
    with here.database.read() as session:
        return sightings.listing(session, here.cast.practice)


def test_a_website_is_noted_when_it_loads_the_script_and_the_frame(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = site(database, monkeypatch, base_url=PUBLIC)
    client = TestClient(here.app, base_url=PUBLIC)
    assert client.get(SCRIPT, headers={"Origin": WEBSITE}).status_code == 200
    assert seen(here) == [SeenSite(WEBSITE, NOW, None, True)]
    here.later(seconds=3)
    assert client.get(FRAME, headers={"Referer": f"{WEBSITE}/"}).status_code == 200
    assert seen(here) == [SeenSite(WEBSITE, NOW, NOW + timedelta(seconds=3), True)]
    with here.database.read() as session:
        assert sightings.listing(session, here.other.practice) == []


def test_a_busy_website_is_written_down_once_a_minute(here: Site, client: TestClient) -> None:
    for seconds in (0, 20, 39, 2):
        here.later(seconds=seconds)
        client.get(SCRIPT, headers={"Origin": WEBSITE})
    assert seen(here)[0].script_seen_at == NOW + timedelta(seconds=61)
    here.later(seconds=30)
    client.get(SCRIPT, headers={"Origin": WEBSITE})
    assert seen(here)[0].script_seen_at == NOW + timedelta(seconds=61)


def test_what_tells_of_no_website_is_not_noted(here: Site, client: TestClient) -> None:
    for method, path, headers in (
        ("GET", SCRIPT, {}),
        ("GET", SCRIPT, {"Origin": "null"}),
        ("GET", SCRIPT, {"Referer": WEBSITE}),
        ("GET", FRAME, {"Referer": f"{PUBLIC}/book/willow"}),
        ("GET", FRAME, {"Origin": WEBSITE}),
        ("HEAD", SCRIPT, {"Origin": WEBSITE}),
        ("GET", "/api/v1/practices/nobody", {"Origin": WEBSITE}),
        ("GET", f"{SCRIPT}/availability", {"Origin": WEBSITE}),
    ):
        client.request(method, path, headers=headers)
        with here.database.read() as session:
            assert session.exec(select(Sighting)).all() == [], (method, path, headers)


@pytest.mark.parametrize(
    ("header", "noted"),
    [
        ("https://willow.example", "https://willow.example"),
        ("https://Willow.Example/kim-lee?email=kim@mail.example#me", "https://willow.example"),
        ("https://kim:secret@willow.example/", "https://willow.example"),
        ("http://willow.example:8080/", "http://willow.example:8080"),
        ("https://willow.example:443", "https://willow.example"),
        ("http://willow.example:80", "http://willow.example"),
        ("https://xn--mller-kva.example", "https://xn--mller-kva.example"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]"),
        (f"{PUBLIC}/settings/widget", None),
        ("null", None),
        ("", None),
        ("file:///home/kim/page.html", None),
        ("chrome-extension://abcdef", None),
        ("about:srcdoc", None),
        ("http://localhost:3000", None),
        ("http://127.0.0.1", None),
        ("http://[::1]:8000", None),
        ("https://willow.example:port", None),
        ("https://<script>", None),
        ("https://wïllow.example", None),
        ("https://" + "a" * 300, None),
        ("https://", None),
    ],
)
def test_of_what_a_browser_says_the_site_is_kept(header: str, noted: str | None) -> None:
    assert other_site(header, PUBLIC) == noted


def test_on_a_machine_of_ones_own_other_local_sites_count() -> None:
    assert other_site("http://localhost:8000/willow/", "http://127.0.0.1:8000") == "http://localhost:8000"
    assert other_site("http://127.0.0.1:8000/calendar", "http://127.0.0.1:8000") is None


@pytest.mark.parametrize("path", [SCRIPT, FRAME])
def test_a_database_that_takes_nothing_fails_no_visitor(
    here: Site, client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    tried: list[float | None] = []

    def refuse(work: Callable[..., object], patience: float | None = None) -> None:
        tried.append(patience)
        raise Unavailable

    monkeypatch.setattr(here.database, "write", refuse)
    given = client.get(path, headers={"Origin": WEBSITE, "Referer": WEBSITE})
    assert given.status_code == 200
    assert tried == [1.0], "it did try, and would have waited a second at most"
    assert seen(here) == []


def test_the_answer_is_the_same_and_already_sent(here: Site, client: TestClient) -> None:
    plain = client.get(SCRIPT)
    noted = client.get(SCRIPT, headers={"Origin": WEBSITE})
    assert (noted.content, dict(noted.headers)) == (plain.content, dict(plain.headers))


def test_a_flood_of_made_up_sites_costs_little(here: Site, client: TestClient) -> None:
    for number in range(sightings.MOST_PER_MINUTE + 10):
        client.get(SCRIPT, headers={"Origin": f"https://{number}.example"})
    assert len(seen(here)) == sightings.MOST_PER_MINUTE
    here.later(minutes=1)
    client.get(SCRIPT, headers={"Origin": WEBSITE})
    assert seen(here)[0].site == WEBSITE


def test_of_too_many_sites_the_oldest_is_forgotten(database: Database) -> None:
    def work(session: Session, _: object) -> list[str]:
        practice = willow(session).practice
        for number in range(sightings.MOST_SITES + 5):
            moment = NOW + timedelta(seconds=number)
            sightings.note(session, practice.id, f"https://{number}.example", Seen.SCRIPT, moment)
        return [one.site for one in sightings.listing(session, practice)]

    kept = database.write(work)
    assert len(kept) == sightings.MOST_SITES
    assert kept[0] == f"https://{sightings.MOST_SITES + 4}.example" and kept[-1] == "https://5.example"


@pytest.mark.parametrize("known", ["listed", "for some days", "not yet"])
def test_made_up_sites_neither_hide_nor_push_out_one_that_is_known(
    here: Site, client: TestClient, monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    monkeypatch.setattr(sightings, "MOST_PER_MINUTE", 3)
    monkeypatch.setattr(sightings, "MOST_SITES", 5)

    def only_these(session: Session, _: object) -> None:
        session.get_one(Practice, here.cast.practice.id).sites = ["https://willow.example"]

    if known == "listed":
        here.database.write(only_these)
    client.get(SCRIPT, headers={"Origin": WEBSITE})
    here.later(days=4 if known == "for some days" else 1)
    for minute in range(3):
        here.later(minutes=1)
        for number in range(3):
            client.get(SCRIPT, headers={"Origin": f"https://{minute}-{number}.example"})
    there = [one.site for one in seen(here)]
    assert len(there) == 5 and (WEBSITE in there) is (known != "not yet")
    # In the same minute, with the flood's share used up.
    client.get(SCRIPT, headers={"Origin": WEBSITE})
    assert any(one.site == WEBSITE and one.seen_at == here.now for one in seen(here)) is (known != "not yet")


def test_a_site_where_nobody_has_seen_it_for_half_a_year_is_forgotten(here: Site, client: TestClient) -> None:
    client.get(SCRIPT, headers={"Origin": WEBSITE})
    here.later(days=179)
    client.get(SCRIPT, headers={"Origin": "https://new.example"})
    assert [one.site for one in seen(here)] == ["https://new.example", WEBSITE]
    here.later(days=1)
    client.get(SCRIPT, headers={"Origin": "https://new.example"})
    assert [one.site for one in seen(here)] == ["https://new.example"]


def test_the_throttle_forgets_what_is_over_and_what_lies_ahead() -> None:
    throttle = Throttle()
    for practice in ("willow", "birch"):
        assert throttle.lets(practice, WEBSITE, Seen.SCRIPT, NOW)
        assert not throttle.lets(practice, WEBSITE, Seen.SCRIPT, NOW)
        assert throttle.lets(practice, WEBSITE, Seen.FRAME, NOW)
    assert throttle.lets("willow", WEBSITE, Seen.SCRIPT, NOW + timedelta(seconds=60))
    # The clock was stepped back by an hour.
    assert throttle.lets("willow", WEBSITE, Seen.SCRIPT, NOW - timedelta(hours=1))
    for number in range(sightings.MOST_PRACTICES):
        throttle.lets(str(number), WEBSITE, Seen.SCRIPT, NOW)
    assert throttle.lets("birch", WEBSITE, Seen.SCRIPT, NOW), "so many practices weren't foreseen, and none is kept out"


@pytest.mark.parametrize(
    ("listed", "origin", "allowed"),
    [
        ([], "https://anybody.example", True),
        (["https://willow.example"], "https://willow.example", True),
        (["https://willow.example"], "https://www.willow.example", True),
        (["https://www.willow.example"], "https://willow.example", True),
        (["https://www.willow.example"], "https://www.willow.example", True),
        (["willow.example"], "https://www.willow.example", True),
        (["http://willow.example"], "https://www.willow.example", True),
        (["https://willow.example"], "http://willow.example", False),
        (["https://willow.example"], "https://willow.example:8443", False),
        (["https://willow.example:8443"], "https://www.willow.example:8443", True),
        (["https://willow.example"], "https://shop.willow.example", False),
        (["https://willow.example"], "https://willow.example.evil.example", False),
        (["https://willow.example"], "https://wwwwillow.example", False),
        (["https://birch.example", "https://willow.example"], "https://willow.example", True),
    ],
    ids=str,
)
def test_a_site_counts_with_and_without_www(listed: list[str], origin: str, allowed: bool) -> None:
    assert sites.is_listed(listed, origin) is allowed
