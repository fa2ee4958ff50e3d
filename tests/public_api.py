"""Calling the public API as a website does, and reading the problems that it answers with."""

from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

API = "/api/v1/practices/willow"
DAY = "2026-11-24"
NINE = f"{DAY}T09:00:00-05:00"
KIM = {"first_name": "Kim", "last_name": "Lee", "email": "kim.lee@mail.example", "phone": "212 555 0147"}


def wanted(**changes: Any) -> dict[str, Any]:
    return {"service": "first-visit", "start": NINE, "client": KIM, "consent": True} | changes


def book(client: TestClient, body: dict[str, Any], key: str = "one", **headers: str) -> Response:
    return client.post(f"{API}/bookings", json=body, headers={"Idempotency-Key": key} | headers)


def problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The problem that the answer is, checked for what every problem has."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"] and body["detail"]
    return body


def fields(answer: Response) -> set[str]:
    return set(problem(answer, 422, "invalid")["fields"])
