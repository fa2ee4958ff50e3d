"""The public HTTP API, as the contract words it: answers, errors, and who may read them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import jsonschema
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from pencilin import limits
from pencilin.database import Database
from pencilin.models import Location, Practice, Practitioner, Service
from tests.public_api import API, DAY, KIM, NINE, book, fields, problem, wanted
from tests.staff_site import Site, site


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


@pytest.fixture
def client(here: Site) -> TestClient:
    return TestClient(here.app, base_url=here.config.base_url)


def test_the_practice_tells_what_can_be_booked(client: TestClient) -> None:
    body = client.get(API).json()
    assert (body["slug"], body["timezone"], body["country"]) == ("willow", "America/New_York", "US")
    assert [service["id"] for service in body["services"]] == ["first-visit", "follow-up"]
    assert [(one["id"], one["locations"]) for one in body["practitioners"]] == [
        ("ana", ["main-street", "video"]),
        ("ben", ["main-street"]),
    ]
    assert "join_url" not in str(body)
    assert "ana@willow.example" not in str(body)


def test_slots_carry_the_locations_offset_and_all_who_have_them(client: TestClient) -> None:
    query: dict[str, Any] = {"service": "first-visit", "location": "main-street", "from": DAY, "days": 1}
    body = client.get(f"{API}/availability", params=query).json()
    assert (body["timezone"], body["from"], body["days"]) == ("America/New_York", DAY, 1)
    assert body["next_available"] is None
    assert body["slots"][0] == {
        "start": NINE,
        "end": f"{DAY}T10:00:00-05:00",
        "timezone": "America/New_York",
        "location": "main-street",
        "practitioners": ["ana", "ben"],
    }
    assert len(body["slots"]) == 15  # 9:00 to 16:00, every half hour


def test_after_an_empty_window_the_next_slot_is_told(client: TestClient) -> None:
    query: dict[str, Any] = {"service": "first-visit", "from": "2026-11-28", "days": 2}
    body = client.get(f"{API}/availability", params=query).json()
    assert body["slots"] == []
    assert body["next_available"]["start"] == "2026-11-30T09:00:00-05:00"


def test_without_a_first_day_the_days_begin_today(client: TestClient) -> None:
    query: dict[str, Any] = {"service": "first-visit", "days": 2}
    body = client.get(f"{API}/availability", params=query).json()
    assert (body["from"], body["days"]) == ("2026-11-23", 2)


def test_beyond_the_horizon_there_is_nothing(client: TestClient) -> None:
    query: dict[str, Any] = {"service": "first-visit", "from": "2027-06-01", "days": 62}
    body = client.get(f"{API}/availability", params=query).json()
    assert (body["slots"], body["next_available"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, {"service", "days"}),
        ({"service": "nope", "from": DAY, "days": 1}, {"service"}),
        ({"service": "first-visit", "practitioner": "nope", "location": "no", "from": DAY, "days": 1},
         {"practitioner", "location"}),
        ({"service": "first-visit", "from": "tomorrow", "days": 63}, {"from", "days"}),
        ({"service": "first-visit", "from": "0001-01-01", "days": "x"}, {"from", "days"}),
        ({"service": "first-visit", "from": "2026-W48-2", "days": 1}, {"from"}),
        ({"service": "first-visit", "from": "9999-12-31", "days": 62}, {"from"}),
        ({"service": "first-visit", "from": DAY, "days": 1, "utm": "x"}, {"utm"}),
    ],
)  # fmt: skip
def test_a_wrong_query_names_each_parameter(client: TestClient, query: dict[str, Any], wrong: set[str]) -> None:
    assert fields(client.get(f"{API}/availability", params=query)) == wrong


def test_an_unknown_practice_is_not_found(client: TestClient) -> None:
    for path in ("", "/availability?service=a&from=2026-11-24&days=1"):
        problem(client.get(f"/api/v1/practices/nope{path}"), 404, "not_found")
    problem(client.post("/api/v1/practices/nope/bookings", json=wanted()), 404, "not_found")


def test_a_booking_is_received_and_takes_the_time(client: TestClient) -> None:
    answer = book(client, wanted(practitioner="ana", location="main-street", note="Tired lately", returning="unsure"))
    assert answer.status_code == 201
    body = answer.json()
    assert (body["status"], body["start"], body["end"]) == ("tentative", NINE, f"{DAY}T10:00:00-05:00")
    assert (body["practitioner"], body["location"], len(body["reference"])) == ("ana", "main-street", 8)
    assert body["answer_due"] == "2026-11-23T17:00:00-05:00"  # eight open hours after Monday, 7:00
    assert body["manage_url"].startswith("http://127.0.0.1:8000/manage/")
    assert client.get(body["manage_url"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    again = client.get(
        f"{API}/availability",
        params={"service": "first-visit", "practitioner": "ana", "location": "main-street", "from": DAY, "days": 1},
    )
    assert again.json()["slots"][0]["start"] == f"{DAY}T10:00:00-05:00"


def test_the_same_key_gives_the_same_answer_and_another_body_none(client: TestClient) -> None:
    first = book(client, wanted())
    assert book(client, wanted()).json() == first.json()
    problem(book(client, wanted(note="another")), 422, "idempotency_key_reused")
    problem(client.post(f"{API}/bookings", json=wanted()), 422, "idempotency_key_missing")


def test_a_repeat_is_answered_as_before_whatever_has_changed_since(client: TestClient, here: Site) -> None:
    """Also when service, practitioner and place have gone, and when there were too many requests."""
    first = book(client, wanted())

    def archive(session: Session, now: datetime) -> None:
        for row in (
            *session.exec(select(Service)),
            *session.exec(select(Practitioner)),
            *session.exec(select(Location)),
        ):
            row.archived_at = now

    here.database.write(archive)
    assert fields(book(client, wanted(), "two")) == {"service"}
    again = book(client, wanted())
    assert (again.status_code, again.json()) == (201, first.json())


def test_what_was_changed_while_a_request_waited_counts(client: TestClient, here: Site) -> None:
    """The cap is read behind the lock that its writers take, not before."""
    real = here.database.write

    def with_a_cap_set_in_between(work: Callable[[Session, datetime], Any]) -> Any:
        def cap(session: Session, _: datetime) -> None:
            session.get_one(Practice, here.cast.practice.id).daily_cap = 1

        real(cap)
        return real(work)

    book(client, wanted(practitioner="ana", start=f"{DAY}T12:00:00-05:00"))
    with mock.patch.object(here.database, "write", with_a_cap_set_in_between):
        problem(book(client, wanted(practitioner="ana"), "two"), 409, "slot_taken")


def test_the_practice_is_not_sent_again_to_who_has_it(client: TestClient) -> None:
    first = client.get(API)
    again = client.get(API, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["access-control-allow-origin"] == "*"


def test_a_taken_time_offers_alternatives(client: TestClient) -> None:
    book(client, wanted(practitioner="ana"))
    taken = problem(book(client, wanted(practitioner="ana"), "two"), 409, "slot_taken")
    starts = [datetime.fromisoformat(slot["start"]) for slot in taken["alternatives"]]
    assert starts[0] == datetime.fromisoformat(NINE) + timedelta(hours=1)
    assert all(slot["practitioners"] == ["ana"] for slot in taken["alternatives"])


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-24T09:07:00-05:00",  # off the grid
        "2026-11-24T09:15:00-05:00",  # off the service's step
        "2026-11-24T03:00:00-05:00",  # closed
        "2026-11-23T09:00:00-05:00",  # within the notice
        "2027-11-23T09:00:00-05:00",  # beyond the horizon
        "2020-01-01T09:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_any_start_that_is_not_on_offer_is_taken(client: TestClient, start: str) -> None:
    problem(book(client, wanted(start=start)), 409, "slot_taken")


def test_the_same_start_in_another_offset_is_the_same_start(client: TestClient) -> None:
    assert book(client, wanted(start="2026-11-24T14:00:00Z")).json()["start"] == NINE


def test_names_keep_every_valid_character(client: TestClient) -> None:
    person = KIM | {"first_name": "Ġorġ Nguyễn-ʻOkina", "last_name": "王 O’Neil Jr."}
    assert book(client, wanted(client=person)).status_code == 201


def test_a_hold_is_made_extended_and_let_go(client: TestClient) -> None:
    made = client.post(f"{API}/holds", json={"service": "first-visit", "start": NINE, "practitioner": "ana"})
    assert made.status_code == 201
    hold = made.json()
    assert (hold["practitioner"], hold["location"]) == ("ana", "main-street")
    assert client.post(f"{API}/holds/{hold['hold']}/extension").status_code == 200
    assert client.delete(f"{API}/holds/{hold['hold']}").status_code == 204
    problem(client.post(f"{API}/holds/{hold['hold']}/extension"), 409, "hold_expired")


def test_a_held_time_can_be_booked_with_its_hold_only(client: TestClient) -> None:
    hold = client.post(f"{API}/holds", json={"service": "first-visit", "start": NINE, "practitioner": "ana"}).json()
    problem(book(client, wanted(practitioner="ana"), "stranger"), 409, "slot_taken")
    assert book(client, wanted(practitioner="ana", hold=hold["hold"]), "owner").status_code == 201


def test_any_website_reads_and_holds_but_none_books(client: TestClient) -> None:
    origin = {"Origin": "https://willow.example"}
    for path in (API, f"{API}/availability", "/api/v1/practices/nope"):
        assert client.get(path, headers=origin).headers["access-control-allow-origin"] == "*"
    asked = client.options(f"{API}/holds", headers=origin | {"Access-Control-Request-Method": "POST"})
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-headers"] == "content-type"
    for answer in (book(client, wanted(), **origin), client.options(f"{API}/bookings", headers=origin)):
        assert "access-control-allow-origin" not in answer.headers


def test_no_answer_sets_or_uses_a_cookie(client: TestClient) -> None:
    answers = [client.get(API), client.get("/widget.js"), client.get("/book/willow"), book(client, wanted())]
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_too_many_bookings_from_one_network_are_told_to_slow_down(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.BOOKINGS_NETWORK.tries == 100
    monkeypatch.setattr(limits, "BOOKINGS_NETWORK", limits.BOOKINGS_NETWORK._replace(tries=5))
    answers = [book(client, wanted(start=f"{DAY}T03:00:00-05:00"), str(place)) for place in range(6)]
    assert {answer.status_code for answer in answers[:5]} == {409}
    problem(answers[5], 429, "slow_down")
    assert int(answers[5].headers["retry-after"]) > 0


def test_every_answer_conforms_to_the_description(client: TestClient) -> None:
    description = client.get("/api/v1/openapi.json").json()
    hold = client.post(f"{API}/holds", json={"service": "follow-up", "start": NINE}).json()["hold"]
    answers = [
        ("get", "", client.get(API)),
        ("get", "/availability", client.get(f"{API}/availability?service=follow-up&from={DAY}&days=3")),
        ("get", "/availability", client.get(f"{API}/availability")),
        ("post", "/holds", client.post(f"{API}/holds", json={"service": "follow-up", "start": NINE})),
        ("post", "/holds/{hold}/extension", client.post(f"{API}/holds/{hold}/extension")),
        ("post", "/bookings", book(client, wanted(start=f"{DAY}T12:00:00-05:00"))),
        ("post", "/bookings", book(client, {})),
        ("post", "/bookings", book(client, wanted(start="2020-01-01T00:00:00Z"), "two")),
    ]
    assert [answer.status_code for _, _, answer in answers] == [200, 200, 422, 201, 200, 201, 422, 409]
    for verb, path, answer in answers:
        told = description["paths"]["/api/v1/practices/{practice}" + path][verb]["responses"][str(answer.status_code)]
        kind = answer.headers["content-type"]
        jsonschema.validate(answer.json(), {"components": description["components"]} | told["content"][kind]["schema"])
