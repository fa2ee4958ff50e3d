"""Clients: the list, the search, and one person's file. A practitioner sees their own clients only.

What is searched for is somebody's name or number, so it is posted: addresses end up in histories and logs.
"""

from datetime import date

from babel.dates import format_date
from starlette.responses import Response

from pencilin import clients as files
from pencilin import i18n
from pencilin.models import Client, Practice
from pencilin.web.dashboard.shell import show
from pencilin.web.http import answer
from pencilin.web.security import StaffCall

MOST_FOUND = 50


def clients(call: StaffCall) -> Response:
    """``GET /clients?page=N``: everybody by last name; ``POST /clients`` with ``q``: what is found, best first."""
    text = call.field("q")
    number = _page(call.request.query_params.get("page") or "1")
    with call.server.database.read() as session:
        found = files.search(session, call.staff, text, MOST_FOUND) if text else []
        page = files.listing(session, call.staff, number or 1)
    rows = [(one, birthday(one.birth_date, call.practice)) for one in (found if text else page.clients)]
    odd = number is None
    return show(call, "clients.html", "clients", text=text, rows=rows, page=page, odd=odd, most_found=MOST_FOUND)


def search(call: StaffCall) -> Response:
    """``POST /clients/search`` with ``q``: for the search field of Edit Appointment, the best ten."""
    with call.server.database.read() as session:
        found = files.search(session, call.staff, call.field("q"))
    return answer(
        {"clients": [{"id": one.id, "name": full_name(one), "about": about(one, call.practice)} for one in found]}
    )


def client(call: StaffCall) -> Response:
    """``GET /clients/{client}``"""
    with call.server.database.read() as session:
        file = files.file(session, call.staff, call.path("client"))
    locale = call.practice.staff_locale
    appointments = [
        (one, i18n.brief_time(one.start, one.timezone, locale), one.start.year) for one in file.appointments
    ]
    return show(
        call,
        "client.html",
        "clients",
        client=file.client,
        name=full_name(file.client),
        birthday=birthday(file.client.birth_date, call.practice),
        appointments=appointments,
    )


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


def _page(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 7
    return (int(text) or None) if is_number else None
