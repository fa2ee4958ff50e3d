"""Token buckets: so many at once, as many again over time, counted for good before the try, whoever tries at once."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pencilin import limits
from pencilin.database import Database
from pencilin.errors import SlowDown
from pencilin.limits import Limit
from pencilin.models import Bucket
from pencilin.web.http import Call, answer, endpoint, server_of
from pencilin.web.security import client_address, limit
from tests.staff_site import Site, site

FIVE = Limit("five in ten minutes", 5, timedelta(minutes=10))


def counted(call: Call) -> Response:
    limit(call, FIVE, client_address(call))
    return answer({"address": client_address(call)})


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch, Route("/api/counted", endpoint(counted)))


def allowed(here: Site, subject: str = "somebody", kind: Limit = FIVE) -> bool:
    try:
        limits.take(here.database, here.config, here.links, kind, subject)
    except SlowDown:
        return False
    return True


def test_so_many_at_once_and_then_one_by_one(here: Site) -> None:
    assert [allowed(here) for _ in range(7)] == [True] * 5 + [False] * 2
    here.later(minutes=2)
    assert [allowed(here) for _ in range(2)] == [True, False]
    here.later(hours=5)
    assert [allowed(here) for _ in range(6)] == [True] * 5 + [False]


def test_the_wait_is_told_and_is_enough(here: Site) -> None:
    for _ in range(5):
        allowed(here)
    with pytest.raises(SlowDown) as told:
        limits.take(here.database, here.config, here.links, FIVE, "somebody")
    assert told.value.retry_after == 120
    here.later(seconds=told.value.retry_after)
    assert allowed(here)


def test_asking_while_refused_makes_nobody_wait_longer(here: Site) -> None:
    for _ in range(50):
        allowed(here)
    here.later(minutes=2)
    assert allowed(here)


def test_subjects_and_limits_are_counted_apart(here: Site) -> None:
    other = Limit("another five", 5, timedelta(minutes=10))
    for _ in range(5):
        allowed(here)
    assert not allowed(here)
    assert allowed(here, "somebody else") and allowed(here, kind=other)


def test_at_once_no_more_get_through(here: Site) -> None:
    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(lambda _: allowed(here), range(40))) == 5


def test_a_try_that_went_well_can_be_given_back(here: Site) -> None:
    for _ in range(5):
        allowed(here)
    limits.give_back(here.database, here.config, here.links, FIVE, "somebody")
    assert [allowed(here), allowed(here)] == [True, False]


def test_giving_back_never_gives_more_than_there_were(here: Site) -> None:
    allowed(here)
    for _ in range(9):
        limits.give_back(here.database, here.config, here.links, FIVE, "somebody")
    assert sum(allowed(here) for _ in range(9)) == 5


def test_a_clock_stepped_back_refuses_nobody_for_longer(here: Site) -> None:
    here.later(hours=1)
    for _ in range(4):
        allowed(here)
    here.later(hours=-1)
    assert allowed(here)
    here.later(minutes=2)
    assert allowed(here)


def test_buckets_do_not_tell_whom_they_count(here: Site) -> None:
    allowed(here, "203.0.113.7")
    with here.database.read() as session:
        keys = session.exec(select(Bucket.key)).all()
    (key,) = keys
    assert len(key) == 64 and key != hashlib.sha256(b"203.0.113.7").hexdigest()


def test_full_buckets_are_thrown_away_in_the_end(here: Site) -> None:
    for number in range(40):
        allowed(here, f"old {number}")
    here.later(days=2)
    for number in range(1500):
        if len(keys(here)) < 41:
            break
        limits.take(here.database, here.config, here.links, FIVE, f"new {number}")
    assert len(keys(here)) < 41


def keys(here: Site) -> list[str]:
    """The keys of buckets that were last used two days ago."""
    with here.database.read() as session:
        old = here.now - timedelta(days=1)
        return [bucket.key for bucket in session.exec(select(Bucket)).all() if bucket.filled_at < old]


def test_limits_can_be_switched_off_for_load_tests(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = site(Database(sqlite_url), monkeypatch, limits=False)
    assert all(allowed(here) for _ in range(20))
    assert not keys(here)


def test_the_table_names_every_limit_once() -> None:
    table = [value for value in vars(limits).values() if isinstance(value, Limit)]
    assert len(table) == len({each.name for each in table}) >= 8
    assert all(each.tries >= 1 and each.per <= limits.FORGET_AFTER for each in table)


def test_whoever_is_refused_is_told_when_to_come_back(here: Site) -> None:
    browser = here.browser()
    answers = [browser.get("/api/counted") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    told = answers[-1]
    assert told.headers["retry-after"] == "120"
    assert told.headers["content-type"] == "application/problem+json"
    assert (told.json()["code"], told.json()["status"]) == ("slow_down", 429)


@pytest.mark.parametrize(
    ("client", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("a-socket", "a-socket"),
    ],
)
def test_who_is_counted(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, client: str, counted_as: str) -> None:
    here = site(Database(sqlite_url), monkeypatch, Route("/api/counted", endpoint(counted)))
    assert here.browser(client).get("/api/counted").json() == {"address": counted_as}


@pytest.mark.parametrize(
    ("client", "forwarded", "counted_as"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.1"),
        ("203.0.113.50", "198.51.100.1", "203.0.113.50"),
    ],
)
def test_only_our_own_proxies_are_believed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, client: str, forwarded: str, counted_as: str
) -> None:
    route = Route("/api/counted", endpoint(counted))
    here = site(Database(sqlite_url), monkeypatch, route, proxies="10.0.0.0/8")
    answer = here.browser(client).get("/api/counted", **{"X-Forwarded-For": forwarded})
    assert answer.json() == {"address": counted_as}


def test_without_a_client_address_there_is_one_bucket_for_all(here: Site) -> None:
    scope: dict[str, object] = {"type": "http", "client": None, "headers": [], "app": here.app}
    request = Request(scope)
    assert client_address(Call(request, server_of(request))) == "unknown"
