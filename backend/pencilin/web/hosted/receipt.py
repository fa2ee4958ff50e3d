"""The last screen: *Request received*. Its address holds a signed token that soon ends, and nothing personal.

Nobody but whoever has just booked has been given it, so it may also be used to correct the address that they typed.
But it stays in the browser's history, so the page says nothing of who booked: even the address is only hinted at.
"""

from datetime import timedelta

from sqlmodel import Session
from starlette.responses import Response

from pencilin import addresses, corrections, limits
from pencilin.catalogue import find_practice
from pencilin.errors import CorrectionClosed, LinkExpired, LinkUnusable, SlowDown
from pencilin.links import Purpose
from pencilin.mail.visits import visit_of
from pencilin.models import Appointment, Practice, Service, TentativeClient
from pencilin.rules import people
from pencilin.web.hosted.form_token import new_token, sent_token
from pencilin.web.hosted.reader import Reader, reader_of
from pencilin.web.hosted.steps import TEMPLATE, public_page
from pencilin.web.http import Call, see_other
from pencilin.web.security import client_address, limit

# Long enough to read it and come back from the calendar; afterwards there is the mail.
RECEIPT_LASTS = timedelta(hours=1)


def receipt_address(call: Call, practice: Practice, appointment: Appointment) -> str:
    """Where a booking leads: to a page that can be loaded again without booking again, for an hour after booking."""
    claims = {"practice": practice.id, "appointment": appointment.id}
    token = call.server.links.make(Purpose.RECEIPT, claims, appointment.created_at + RECEIPT_LASTS)
    return f"/book/{practice.slug}/received/{token}?lang={appointment.lang}"


def received(call: Call) -> Response:
    """``/book/{practice}/received/{token}``: what was requested, and what happens next."""
    with call.server.database.read() as session:
        practice = find_practice(session, call.path("practice"))
        reader = reader_of(call, practice)
        said = reader.words("details")["corrected"] if "corrected" in call.request.query_params else ""
        return _show(call, session, practice, _booked(call, session, practice, reader), reader, said=said)


def correct_address(call: Call) -> Response:
    """``POST /book/{practice}/received/{token}``: *Not right?* The mail goes out once more, to another address."""
    database = call.server.database
    with database.read() as session:
        practice = find_practice(session, call.path("practice"))
        sent_token(call, practice)
        reader = reader_of(call, practice)
        booked = _booked(call, session, practice, reader)
    words, typed = reader.words("details"), call.field("email")
    try:
        email = people.email(typed)
        limit(call, limits.CORRECTIONS_NETWORK, f"{practice.id} {client_address(call)}")
        database.write(
            lambda session, now: corrections.correct_email(
                session, session.get_one(Appointment, (practice.id, booked.id)), email, now
            )
        )
    except ValueError:
        wrong, said, status = words["needed"]["email"], "", 422
    except SlowDown:
        wrong, said, status = "", words["busy"], 429
    except CorrectionClosed:
        wrong, said, status = "", words["notRightHint"], 409
    else:
        # To the same token: a correction doesn't make the page last any longer.
        return see_other(f"/book/{practice.slug}/received/{call.path('token')}?lang={reader.locale}&corrected")
    with database.read() as session:
        booked = session.get_one(Appointment, (practice.id, booked.id))
        return _show(call, session, practice, booked, reader, said=said, wrong=wrong, email_typed=typed, status=status)


def _hinted(email: str) -> str:
    """*k…@mail.example*: enough for whoever typed it to see a slip in the part where most of them happen."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _booked(call: Call, session: Session, practice: Practice, reader: Reader) -> Appointment:
    try:
        claims = call.server.links.read(Purpose.RECEIPT, call.path("token"), call.server.database.clock())
    except LinkExpired:
        raise LinkUnusable(reader.words("pages")["book"]["receiptTooOld"]) from None
    appointment = session.get(Appointment, (practice.id, claims.get("appointment", "")))
    if appointment is None or claims.get("practice") != practice.id:
        raise LinkUnusable
    return appointment


def _show(
    call: Call,
    session: Session,
    practice: Practice,
    appointment: Appointment,
    reader: Reader,
    *,
    said: str,
    wrong: str = "",
    email_typed: str = "",
    status: int = 200,
) -> Response:
    """``said`` tells what became of a correction, ``wrong`` what is wrong with the address typed for it."""
    person = session.get(TentativeClient, (practice.id, appointment.id))
    email, server = _hinted(person.email) if person else "", call.server
    return public_page(
        call,
        reader,
        TEMPLATE,
        status=status,
        practice=practice,
        step="received",
        widget=None,
        asked={},
        token=new_token(call, practice).text,
        receipt=call.path("token"),
        appointment=appointment,
        service=session.get_one(Service, (practice.id, appointment.service_id)),
        visit=visit_of(session, appointment, approved=False),
        email=email,
        email_typed=email_typed,
        wrong=wrong,
        said=said.format(email=email, practice=practice.name, reference=appointment.reference),
        manage_url=addresses.manage_url(server.config.base_url, server.links, appointment),
        calendar_url=addresses.calendar_url(server.config.base_url, server.links, appointment),
    )
