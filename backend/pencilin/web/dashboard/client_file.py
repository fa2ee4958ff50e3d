"""One client's file: shown, archived and taken into use again. That it was read is written down."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date
from sqlmodel import Session
from starlette.responses import Response

from pencilin import clients as files
from pencilin import i18n
from pencilin.clients import ClientFile, FileAppointment, LinkedRequest
from pencilin.errors import Unavailable
from pencilin.models import LinkedAs, Practice, Role
from pencilin.rules.states import Status
from pencilin.web.dashboard.client_booking_link import address_of
from pencilin.web.dashboard.clients import DESK, birthday, full_name
from pencilin.web.dashboard.moments import day_in
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

COMING = (Status.TENTATIVE, Status.APPROVED)
# Seconds that a page waits to note that it was read; the next one notes it as well.
NOTE_WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class Typed:
    """A request that was linked to the client, in words."""

    url: str
    visit: str
    name: str
    details: str
    booked_by: str
    decision: str
    evidence: tuple[str, ...]
    removed: str


def client(call: StaffCall) -> Response:
    """``GET /clients/{client}``; a file that was merged into another leads there."""
    client_id, now = call.path("client"), call.server.database.clock()
    if kept := moved_to(call, client_id):
        return see_other(f"/clients/{kept}")
    with call.server.database.read() as session:
        file = files.file(session, call.staff, client_id)
        noted = files.was_read(session, call.staff, client_id, now)
    if not noted:
        _note(call, client_id)
    return show(call, "clients/file.html", "clients", **_shown(call, file, now))


def archive(call: StaffCall) -> Response:
    """``POST /clients/{client}/archival``"""
    client_id = call.path("client")

    def work(session: Session, now: datetime) -> str:
        return full_name(files.archive(session, call.staff, client_id, now))

    name = call.server.database.write(work)
    undo = Undo(f"/clients/{client_id}/restoration")
    return say(call, see_other(f"/clients/{client_id}"), f"{name} is archived, and found by the filter only.", undo)


def restore(call: StaffCall) -> Response:
    """``POST /clients/{client}/restoration``"""
    client_id = call.path("client")

    def work(session: Session, now: datetime) -> str:
        return full_name(files.restore(session, call.staff, client_id, now))

    name = call.server.database.write(work)
    return say(call, see_other(f"/clients/{client_id}"), f"{name} is in use again.")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts, as it stands there after a refused one: to the file."""
    with call.server.database.read() as session:
        client = files.find(session, call.staff, call.path("client"))
    return see_other(f"/clients/{client.id}")


def moved_to(call: StaffCall, client_id: str) -> str | None:
    """The file that a merged one is part of now; None for any other. Raises :class:`NotFound` for one to be unseen.

    A practitioner sees a merged file no more, since its appointments are the kept one's.
    """
    with call.server.database.read() as session:
        kept = files.kept_instead(session, call.staff, client_id)
        return files.find(session, call.staff, kept).id if kept else None


def _note(call: StaffCall, client_id: str) -> None:
    # Reading goes on when nothing can be written.
    with suppress(Unavailable):
        call.server.database.write(
            lambda session, now: files.note_read(session, call.staff, client_id, now), NOTE_WITHIN
        )


def _shown(call: StaffCall, file: ClientFile, now: datetime) -> dict[str, Any]:
    practice, locale = call.practice, call.practice.staff_locale
    coming = [one for one in file.appointments if one.start > now and one.status in COMING]
    return {
        "client": file.client,
        "booking_link": address_of(call, file.client),
        "name": full_name(file.client),
        "birthday": birthday(file.client.birth_date, practice),
        "coming": [(one, _visit(one, practice)) for one in reversed(coming)],
        "past": [(one, _visit(one, practice)) for one in file.appointments if one not in coming],
        "requests": [_typed(one, practice) for one in file.links],
        "astray": [(one, i18n.brief_time(one.at, practice.timezone, locale)) for one in file.astray],
        "merges": [(one, _at(one.merge.created_at, practice)) for one in file.merges],
        "notes_changed": _changed(file, practice),
        "may_export": call.staff.role in DESK,
        "may_erase": call.staff.role is Role.MANAGER,
    }


def _visit(one: FileAppointment, practice: Practice) -> str:
    """*Tue, Nov 24, 2026, 9:00 AM*, with its zone where that isn't the practice's."""
    locale = practice.staff_locale
    day = i18n.dated_day(day_in(one.start, one.timezone), locale)
    said = i18n.listed(locale, day, i18n.clock(one.start, one.timezone, locale))
    elsewhere = "" if one.timezone == practice.timezone else i18n.zone_city(one.timezone, locale)
    return f"{said} ({elsewhere})" if elsewhere else said


def _at(instant: datetime, practice: Practice) -> str:
    """*Nov 24, 2026, 9:00 AM*, at the practice."""
    day = format_date(day_in(instant, practice.timezone), "medium", i18n.spoken(practice.staff_locale))
    return f"{day}, {i18n.clock(instant, practice.timezone, practice.staff_locale)}"


def _changed(file: ClientFile, practice: Practice) -> str:
    """*Last changed by Dana on Nov 24, 2026, 9:00 AM*."""
    if file.notes_changed is None:
        return ""
    at, by = file.notes_changed
    return f"Last changed{f' by {by}' if by else ''} on {_at(at, practice)}"


def _typed(one: LinkedRequest, practice: Practice) -> Typed:
    typed, booked_by, link = one.typed, one.booked_by, one.link
    details = (birthday(typed.birth_date, practice), typed.email, typed.phone) if typed else ()
    did = "Saved as a new client" if link.linked_as is LinkedAs.NEW else "Linked"
    return Typed(
        url=f"/appointments/{one.appointment.id}",
        visit=i18n.brief_time(one.appointment.start, one.appointment.timezone, practice.staff_locale),
        name=f"{typed.first_name} {typed.last_name}" if typed else "",
        details=" · ".join(part for part in details if part),
        booked_by=f"{booked_by.first_name} {booked_by.last_name} ({booked_by.relationship})" if booked_by else "",
        decision=f"{did} by {one.linked_by} on {_at(link.created_at, practice)}",
        evidence=tuple(words[:1].upper() + words[1:] for words in link.evidence),
        removed=f"Unlinked on {_at(link.removed_at, practice)}" if link.removed_at else "",
    )
