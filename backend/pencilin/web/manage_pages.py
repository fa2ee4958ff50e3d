"""A client's own view of one appointment, reached by the link in their mail. Looking changes nothing."""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin import addresses, i18n, wording
from pencilin.errors import LinkUnusable
from pencilin.links import Purpose
from pencilin.mail import calendar_file as calendar_files
from pencilin.mail.visits import Visit, visit_of
from pencilin.models import Appointment, Practice, Service
from pencilin.rules import colours
from pencilin.rules.states import Status
from pencilin.web.hosted.logo import logo_address
from pencilin.web.http import Call, page

UNUSABLE = (
    "This link is incomplete or has expired. Please open the link in the newest email about your appointment. "
    "If that doesn’t work either, contact the practice: it can look the appointment up."
)
DECIDED = frozenset({Status.APPROVED, Status.DECLINED})
OPEN = frozenset({Status.TENTATIVE, Status.APPROVED})


def status(call: Call) -> Response:
    """``/manage/{token}``: the appointment as it is now."""
    now = call.server.database.clock()
    base_url = call.server.config.base_url
    with call.server.database.read() as session:
        appointment = _appointment(call, session, Purpose.MANAGE, now)
        practice = session.get_one(Practice, appointment.practice_id)
        service = session.get_one(Service, (practice.id, appointment.service_id))
        shown = _status_told(appointment, now)
        visit = visit_of(session, appointment, approved=shown is Status.APPROVED)
        locale = _locale(appointment, practice)
        language = i18n.spoken(locale).language
        heading, meaning = wording.texts(language, "pages", "manage", "states", shown.value)
        due = appointment.answer_due if shown is Status.TENTATIVE else None
        return page(
            call,
            "widget/manage.html",
            look=colours.readable(practice.accent),
            lang=i18n.language_tag(locale),
            direction=i18n.direction(locale),
            texts=_texts(language, practice, appointment, visit),
            details=wording.words(language, "details"),
            practice=practice,
            logo=logo_address(practice),
            state=shown.value,
            heading=heading,
            meaning=meaning.format(practice=practice.name),
            message=appointment.decline_message if shown is Status.DECLINED else None,
            reference=appointment.reference,
            service=service.name,
            visit=visit,
            when=i18n.full_time(appointment.start, appointment.timezone, locale),
            answer_due=(
                wording.text(language, "pages", "manage", "answerDue").format(
                    due=i18n.full_time(due, appointment.timezone, locale)
                )
                if due
                else None
            ),
            open=shown in OPEN and appointment.end > now,
            calendar_url=addresses.calendar_url(base_url, call.server.links, appointment),
            booking_url=addresses.booking_url(base_url, practice),
        )


def calendar_file(call: Call) -> Response:
    """``/calendar-feed/{token}.ics``: the appointment as it is now, for a calendar; leads back to no page that acts."""
    now = call.server.database.clock()
    with call.server.database.read() as session:
        appointment = _appointment(call, session, Purpose.CALENDAR, now)
        practice = session.get_one(Practice, appointment.practice_id)
        shown = _status_told(appointment, now)
        content = calendar_files.calendar_file(
            visit_of(session, appointment, approved=shown is Status.APPROVED),
            shown,
            appointment_id=appointment.id,
            practice_name=practice.name,
            organizer=practice.email,
            url=addresses.booking_url(call.server.config.base_url, practice),
            language=i18n.spoken(_locale(appointment, practice)).language,
            now=now,
        )
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)


def _appointment(call: Call, session: Session, purpose: Purpose, now: datetime) -> Appointment:
    try:
        claims = call.server.links.read(purpose, call.path("token"), now)
    except LinkUnusable:
        raise LinkUnusable(UNUSABLE) from None
    appointment = session.get(Appointment, (claims.get("practice", ""), claims.get("appointment", "")))
    if appointment is None or not addresses.is_current(claims, appointment):
        raise LinkUnusable(UNUSABLE)
    return appointment


def _status_told(appointment: Appointment, now: datetime) -> Status:
    """A decision that staff can still take back, and that no mail has told of, isn't told here either."""
    undecided = appointment.undo_until is not None and now < appointment.undo_until
    return Status.TENTATIVE if appointment.status in DECIDED and undecided else appointment.status


def _texts(language: str, practice: Practice, appointment: Appointment, visit: Visit) -> dict[str, str]:
    """What else the page says, filled in."""
    facts = {"practice": practice.name, "reference": appointment.reference, "location": visit.location}
    return {
        name: wording.text(language, "pages", "manage", name).format(**facts) for name in ("join", "another", "tell")
    }


def _locale(appointment: Appointment, practice: Practice) -> str:
    """What the client booked in, else the practice's language: as in their mails."""
    return i18n.locale_of([appointment.lang], practice.locale)
