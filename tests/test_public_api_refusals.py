"""What the public API refuses, and that it says why: wrong fields, odd bodies, other types."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from pencilin.database import Database
from tests.public_api import API, DAY, KIM, book, fields, problem, wanted
from tests.staff_site import Site, site


@pytest.fixture
def here(database: Database, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(database, monkeypatch)


@pytest.fixture
def client(here: Site) -> TestClient:
    return TestClient(here.app, base_url=here.config.base_url)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"service": "nope"}, {"service"}),
        ({"start": "2026-11-24T09:00:00"}, {"start"}),
        ({"start": 1_795_000_000}, {"start"}),
        ({"consent": False}, {"consent"}),
        ({"consent": "yes"}, {"consent"}),
        ({"consent": 1}, {"consent"}),
        ({"start": "1795000000"}, {"start"}),
        ({"practitioner": ""}, {"practitioner"}),
        ({"note": "a\u202eb\u0085"}, {"note"}),
        ({"timezone": "localtime"}, {"timezone"}),
        ({"status": "approved"}, {"status"}),
        ({"client": KIM | {"first_name": "", "is_admin": True}}, {"client.first_name", "client.is_admin"}),
        ({"client": KIM | {"last_name": "x\u202ey"}}, {"client.last_name"}),
        ({"client": KIM | {"email": "kim@", "phone": "12"}}, {"client.email", "client.phone"}),
        ({"client": KIM | {"birth_date": "2030-01-01"}}, {"client.birth_date"}),
        ({"client": "Kim"}, {"client"}),
        ({"returning": "perhaps"}, {"returning"}),
        ({"booked_by": {"first_name": "Sam"}}, {"booked_by.last_name", "booked_by.relationship"}),
        ({"answers": {"unasked": "x"}}, {"answers.unasked"}),
        ({"timezone": "Mars/Base"}, {"timezone"}),
        ({"lang": "../en"}, {"lang"}),
        ({"note": "x" * 2001}, {"note"}),
    ],
)
def test_a_wrong_booking_names_each_field_and_stores_nothing(
    client: TestClient, changes: dict[str, Any], wrong: set[str]
) -> None:
    assert fields(book(client, wanted(**changes))) == wrong
    assert book(client, wanted()).status_code == 201  # the time, and the key, are still free


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"client": {"first_name": "\\ud800"}}', b"[" * 9000])
def test_what_is_no_json_object_is_refused(client: TestClient, body: bytes) -> None:
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    problem(client.post(f"{API}/bookings", content=body, headers=headers), 422, "invalid")


def test_what_no_database_would_store_is_refused_before_it_gets_there(client: TestClient) -> None:
    problem(client.get("/api/v1/practices/wil%00low"), 404, "not_found")
    problem(client.delete(f"{API}/holds/a%00b"), 404, "not_found")
    assert fields(client.get(f"{API}/availability?service=a%00b&from={DAY}&days=1")) == {"service"}
    assert fields(book(client, wanted(note="a\0b"))) == {"note"}
    assert book(client, wanted(hold="a\0b"), "a\x01b").status_code == 201


def test_only_json_is_read(client: TestClient) -> None:
    """A form of another site can't send this type without asking first."""
    answer = book(client, wanted(), **{"Content-Type": "text/plain"})
    problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("call", ["holds", "bookings"])
@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_forms_are_not_even_read(client: TestClient, call: str, kind: str) -> None:
    fields = "&".join(f"a{n}=b" for n in range(2_000))
    answer = client.post(f"{API}/{call}", content=fields, headers={"Content-Type": kind, "Idempotency-Key": "k"})
    problem(answer, 415, "unsupported_media_type")


def test_large_bodies_are_refused_unread(client: TestClient) -> None:
    problem(book(client, wanted(note="x" * 70_000)), 413, "too_large")
