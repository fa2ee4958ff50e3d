"""The last screen: *Request received*. Its address holds a signed token that soon ends, and nothing personal."""

from datetime import timedelta

from starlette.responses import Response

from pencilin import addresses
from pencilin.errors import LinkExpired, LinkUnusable
from pencilin.links import Purpose
from pencilin.mail.visits import visit_of
from pencilin.models import Appointment, BookedBy, Practice, Service, TentativeClient
from pencilin.web import asking
from pencilin.web.hosted.form_token import new_token
from pencilin.web.hosted.reader import reader_of
from pencilin.web.hosted.steps import TEMPLATE, public_page
from pencilin.web.hosted.typed import contact_of
from pencilin.web.http import Call

# Long enough to read it and come back from the calendar; afterwards there is the mail.
RECEIPT_LASTS = timedelta(hours=1)


def receipt_address(call: Call, practice: Practice, appointment: Appointment) -> str:
    """Where a booking leads: to a page that can be loaded again without booking again."""
    claims = {"practice": practice.id, "appointment": appointment.id}
    expires = call.server.database.clock() + RECEIPT_LASTS
    token = call.server.links.make(Purpose.RECEIPT, claims, expires)
    return f"/book/{practice.slug}/received/{token}?lang={appointment.lang}"


def received(call: Call) -> Response:
    """``/book/{practice}/received/{token}``: what was requested, and what happens next."""
    server = call.server
    with server.database.read() as session:
        practice = asking.catalogue_of(call, session).practice
        reader = reader_of(call, practice)
        try:
            claims = server.links.read(Purpose.RECEIPT, call.path("token"), server.database.clock())
        except LinkExpired:
            raise LinkUnusable(reader.words("pages")["book"]["receiptTooOld"]) from None
        appointment = session.get(Appointment, (practice.id, claims.get("appointment", "")))
        if appointment is None or claims.get("practice") != practice.id:
            raise LinkUnusable
        of = (practice.id, appointment.id)
        person, booker = session.get(TentativeClient, of), session.get(BookedBy, of)
        return public_page(
            call,
            reader,
            TEMPLATE,
            practice=practice,
            step="received",
            widget=None,
            asked={},
            token=new_token(call, practice).text,
            typed=contact_of(appointment, person, booker) if person else {},
            appointment=appointment,
            service=session.get_one(Service, (practice.id, appointment.service_id)),
            visit=visit_of(session, appointment, approved=False),
            email=person.email if person else "",
            manage_url=addresses.manage_url(server.config.base_url, server.links, appointment),
            calendar_url=addresses.calendar_url(server.config.base_url, server.links, appointment),
        )
