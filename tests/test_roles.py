"""Who may do what: every route × everybody who might call it. A route that is in no list fails."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pytest
from sqlmodel import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from pencilin.accounts.sessions import open_session, stored
from pencilin.clients import lists
from pencilin.database import Database
from pencilin.models import Role, SignedIn, Staff
from pencilin.web.http import answer
from pencilin.web.security import StaffCall, staff
from pencilin.website import handover
from pencilin.website.snippet import Options
from tests.staff_site import HERE, Site, site

# What anybody may call. Everything else must be wrapped for staff.
FOR_EVERYBODY = {
    "/", "/api/v1/openapi.json", "/api/v1/practices/{practice}", "/api/v1/practices/{practice}/availability",
    "/api/v1/practices/{practice}/bookings", "/api/v1/practices/{practice}/bookings/correction",
    "/api/v1/practices/{practice}/holds",
    "/api/v1/practices/{practice}/holds/{hold}", "/api/v1/practices/{practice}/holds/{hold}/extension",
    "/assets/{folder}/{file}", "/book/{practice}", "/book/{practice}/", "/book/{practice}/bookings",
    "/book/{practice}/holds", "/book/{practice}/logo",
    "/book/{practice}/personal/{personal}", "/book/{practice}/personal/{personal}/bookings",
    "/book/{practice}/personal/{personal}/holds", "/book/{practice}/personal/{personal}/times",
    "/book/{practice}/received/{token}", "/book/{practice}/times",
    "/calendar-feed/{token}.ics",
    "/embed/{practice}/details", "/health", "/invitation", "/invitation/{token}", "/login", "/login/", "/login/code",
    "/login/code/check", "/login/continue", "/login/second-factor",
    "/manage/{token}", "/manage/{token}/acceptance", "/manage/{token}/refusal", "/ready",
    "/set-up", "/set-up/begin/{token}", "/view-appointment/{token}",
    "/webmaster/{token}", "/webmaster/{token}/seen", "/widget.js", "/widget/words/{lang}.json",
    "/widget/{version}/{digest}.js",
}  # fmt: skip
CALLERS = ("nobody", "disabled", "manager", "front_desk", "practitioner", "manager elsewhere")


def done(call: StaffCall) -> Response:
    return answer({"role": call.staff.role})


PROBES = [
    Route("/probe/everyone", staff(done)),
    Route("/probe/manager", staff(done, roles=[Role.MANAGER])),
    Route("/probe/desk", staff(done, roles=[Role.MANAGER, Role.FRONT_DESK]), methods=["GET", "POST"]),
]


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch, *PROBES)


def roles_of(route: BaseRoute) -> Sequence[Role] | None:
    """Who may call a route by its wrapper; None for one that has none."""
    endpoint = getattr(route, "endpoint", None)
    return endpoint.keywords["roles"] if isinstance(endpoint, partial) and "roles" in endpoint.keywords else None


def caller(here: Site, who: str) -> tuple[dict[str, str], Staff | None]:
    """The cookie and token of a caller who signed in just now, and who that is."""
    members = {
        "disabled": here.cast.dana,
        "manager": here.cast.mona,
        "front_desk": here.cast.dana,
        "practitioner": here.cast.ana_signs_in,
        "manager elsewhere": here.other.mona,
    }
    member = members.get(who)
    if member is None:
        return {}, None

    def work(session: Session, now: datetime) -> tuple[str, str]:
        secret = open_session(session, member, now)
        return secret, session.get_one(SignedIn, stored(secret)).csrf_token

    secret, token = here.database.write(work)
    if who == "disabled":
        here.disable(member)
    return {"Cookie": f"pencilin_session={secret}", "X-CSRF-Token": token}, member


def call(here: Site, method: str, address: str, headers: dict[str, str]) -> int:
    own = {"Accept": "text/html", "Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    return here.browser().client.request(method, address, headers=own | headers).status_code


def test_every_route_is_for_staff_or_known_to_be_for_everybody(here: Site) -> None:
    open_to_all = {
        route.path for route in here.app.routes if isinstance(route, Route | Mount) and roles_of(route) is None
    }
    assert open_to_all == FOR_EVERYBODY


@pytest.mark.parametrize("who", CALLERS)
def test_the_matrix(here: Site, who: str) -> None:
    values = {"appointment": here.appointment().id, "client": here.cast.kim.id, "mail": "0" * 32}
    values |= {"merge": "0" * 32, "other": here.cast.kim.id}
    values |= {"location": here.cast.video.id, "service": here.cast.follow_up.id, "question": "diet"}
    values["practitioner"] = here.cast.ana.id
    values |= dict.fromkeys(("absence", "override", "closure"), "0" * 32)
    values["member"] = here.cast.ana_signs_in.id
    values["link"] = here.database.write(
        lambda session, now: handover.create(session, here.cast.mona, Options(), now)
    ).id
    values["import"] = here.database.write(
        lambda session, now: lists.stage(session, here.cast.dana, b"Name\nKim Lee\n", now)
    ).id
    checked = 0
    headers, member = caller(here, who)
    for route in here.app.routes:
        roles = roles_of(route)
        if roles is None or not isinstance(route, Route):
            continue
        address = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], route.path)
        names = values.keys() & set(re.findall(r"\{(\w+)\}", route.path))
        if who == "manager elsewhere" and not names:
            continue  # there, they are a manager like another
        for method in sorted(route.methods or ()):
            status = call(here, method, address, headers)
            if method == "POST" and who != "disabled" and status != 403:
                headers, member = caller(here, who)  # which that may have signed out
            if member is None or who == "disabled":
                assert status == 303, (method, route.path)
            elif member.role not in roles:
                assert status == 403, (method, route.path)
            elif who == "manager elsewhere":
                assert status == 404, (method, route.path)
            else:
                assert status not in (401, 403, 405) and status < 500, (method, route.path, status)
            checked += 1
    assert checked > 30


def test_a_wrong_role_is_told_kindly_and_nothing_is_run(here: Site) -> None:
    headers, _ = caller(here, "practitioner")
    told = here.browser().get("/probe/manager", **headers)
    assert told.status_code == 403 and "Ask a manager" in told.text
    assert call(here, "POST", "/probe/desk", headers) == 403


def test_a_practitioner_has_no_address_of_a_colleagues_appointment(here: Site) -> None:
    bens = here.appointment(here.cast.ben).id
    for route in here.app.routes:
        if isinstance(route, Route) and "{appointment}" in route.path and roles_of(route) is not None:
            for method in sorted(route.methods or ()):
                headers, _ = caller(here, "practitioner")
                assert call(here, method, route.path.replace("{appointment}", bens), headers) == 404, (
                    method,
                    route.path,
                )


def test_a_role_that_changes_changes_at_once(here: Site) -> None:
    headers, member = caller(here, "front_desk")
    assert member and call(here, "GET", "/probe/manager", headers) == 403

    def promote(session: Session, now: datetime) -> None:
        session.get_one(Staff, (member.practice_id, member.id)).role = Role.MANAGER

    here.database.write(promote)
    assert call(here, "GET", "/probe/manager", headers) == 200
