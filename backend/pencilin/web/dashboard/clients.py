"""Clients: the list and the search. A practitioner sees their own clients only.

What is searched for is somebody's name or number, so it is posted: addresses end up in histories and logs. Filters say
nothing about anybody, so they are in the address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from babel.dates import format_date
from sqlmodel import Session, col, select
from starlette.responses import Response

from pencilin import clients as files
from pencilin import i18n
from pencilin.clients import Around, ClientPage, Filters
from pencilin.models import Client, Practice, Practitioner, Role, Staff
from pencilin.web.dashboard.moments import day_in
from pencilin.web.dashboard.shell import show
from pencilin.web.http import answer, see_other
from pencilin.web.security import StaffCall

DESK = (Role.MANAGER, Role.FRONT_DESK)
SEEN = {
    "": "Any time",
    "30": "In the last 30 days",
    "365": "In the last 12 months",
    "not-180": "Not in the last 6 months",
    "not-365": "Not in the last 12 months",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One client as the list shows them; times in words."""

    client: Client
    birthday: str
    last: str
    following: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters as the form shows them. ``practitioner`` is a slug, ``seen`` one of :data:`SEEN`."""

    archived: bool = False
    coming: bool = False
    practitioner: str = ""
    seen: str = ""

    def address(self, page: int = 1) -> str:
        """Where the list is shown with these filters."""
        given = {
            "archived": "1" if self.archived else "",
            "coming": "1" if self.coming else "",
            "practitioner": self.practitioner,
            "seen": self.seen,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/clients?{query}" if query else "/clients"

    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum(map(bool, (self.archived, self.coming, self.practitioner, self.seen)))


def clients(call: StaffCall) -> Response:
    """``GET /clients?page=N&…``: everybody by last name; ``POST /clients`` with ``q``: what is found, best first."""
    posted = call.request.method == "POST"
    text = call.field("q")
    with call.server.database.read() as session:
        practitioners = _practitioners(session, call.staff)
    chosen = _chosen(call.form if posted else call.request.query_params, {one.slug for one in practitioners})
    if posted and not text:
        return see_other(chosen.address())
    number = _page((call.field("page") if posted else call.request.query_params.get("page")) or "1")
    now = call.server.database.clock()
    with call.server.database.read() as session:
        wanted = filters(chosen, practitioners, now)
        if text:
            page = _found(session, call.staff, text, wanted, number or 1)
        else:
            page = files.listing(session, call.staff, number or 1, wanted)
        around = files.around(session, call.staff, [one.id for one in page.clients], now)
    return show(
        call,
        "clients/list.html",
        "clients",
        text=text,
        rows=[_listed(one, around.get(one.id, Around()), call.practice) for one in page.clients],
        page=page,
        odd=number is None,
        chosen=chosen,
        practitioners=practitioners,
        seen=SEEN,
        may_enter=call.staff.role in DESK,
    )


def search(call: StaffCall) -> Response:
    """``POST /clients/search`` with ``q``: for the search field of Edit Appointment, the best ten."""
    with call.server.database.read() as session:
        found = files.search(session, call.staff, call.field("q"))
    return answer(
        {"clients": [{"id": one.id, "name": full_name(one), "about": about(one, call.practice)} for one in found]}
    )


def filters(chosen: Chosen, practitioners: list[Practitioner], now: datetime) -> Filters:
    """The filters as the use case takes them."""
    days = int(chosen.seen.removeprefix("not-") or "0")
    span = (now - timedelta(days=days), now)
    return Filters(
        archived=chosen.archived,
        practitioner_id=next((one.id for one in practitioners if one.slug == chosen.practitioner), None),
        coming_after=now if chosen.coming else None,
        seen=span if days and not chosen.seen.startswith("not-") else None,
        not_seen=span if days and chosen.seen.startswith("not-") else None,
    )


def chosen_filters(call: StaffCall, given: Mapping[str, object]) -> Filters:
    """The filters of an address or a form, as the use case takes them."""
    with call.server.database.read() as session:
        practitioners = _practitioners(session, call.staff)
    chosen = _chosen(given, {one.slug for one in practitioners})
    return filters(chosen, practitioners, call.server.database.clock())


def full_name(client: Client) -> str:
    """First and last name, as filed."""
    return f"{client.first_name} {client.last_name}"


def about(client: Client, practice: Practice) -> str:
    """What tells two people of one name apart, on one line."""
    known = (birthday(client.birth_date, practice), client.email, client.phone)
    return " · ".join(one for one in known if one)


def birthday(day: date | None, practice: Practice) -> str:
    """*March 12, 1985*, or nothing."""
    return format_date(day, "long", i18n.spoken(practice.staff_locale)) if day else ""


def on_day(moment: tuple[datetime, str] | None, practice: Practice) -> str:
    """*Nov 24, 2026*, where that was or will be; or nothing."""
    return format_date(day_in(*moment), "medium", i18n.spoken(practice.staff_locale)) if moment else ""


def _listed(client: Client, around: Around, practice: Practice) -> Listed:
    return Listed(
        client,
        birthday(client.birth_date, practice),
        on_day(around.last, practice),
        on_day(around.following, practice),
    )


def _found(session: Session, staff: Staff, text: str, wanted: Filters, number: int) -> ClientPage:
    found = files.search(session, staff, text, files.MOST_COMPARED, wanted)
    number, pages = files.within(number, len(found))
    return ClientPage(tuple(found[(number - 1) * files.PAGE : number * files.PAGE]), number, pages, len(found))


def _practitioners(session: Session, staff: Staff) -> list[Practitioner]:
    """Those by whom the list can be narrowed down: nobody for a practitioner, who sees their own clients anyhow."""
    if staff.role == Role.PRACTITIONER:
        return []
    rows = session.exec(
        select(Practitioner)
        .where(Practitioner.practice_id == staff.practice_id)
        .order_by(col(Practitioner.position), col(Practitioner.name))
    )
    return list(rows)


def _chosen(given: Mapping[str, object], practitioners: set[str]) -> Chosen:
    """What an address or a form asks for; what it can't ask for is left out."""
    practitioner, seen = str(given.get("practitioner") or ""), str(given.get("seen") or "")
    return Chosen(
        archived=given.get("archived") == "1",
        coming=given.get("coming") == "1",
        practitioner=practitioner if practitioner in practitioners else "",
        seen=seen if seen in SEEN else "",
    )


def _page(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 7
    return (int(text) or None) if is_number else None
