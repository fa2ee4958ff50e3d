"""A client's own view of one appointment, reached by the link in their mail. Looking changes nothing.

What they answer to other times is in ``manage_times``.
"""

from datetime import datetime

from sqlmodel import Session
from starlette.responses import Response

from pencilin import addresses, i18n, review, wording
from pencilin.errors import LinkUnusable
from pencilin.links import Purpose
from pencilin.mail import calendar_file as calendar_files
from pencilin.mail import visit_words
from pencilin.mail.visits import Visit, visit_of
from pencilin.models import Appointment, Practice, Service
from pencilin.rules import colours
from pencilin.rules.states import Status
from pencilin.web.hosted.form_token import new_token
from pencilin.web.hosted.logo import logo_address
from pencilin.web.http import Call, page

UNUSABLE = (
    "This link is incomplete or has expired. Please open the link in the newest email about your appointment. "
    "If that doesn’t work either, contact the practice: it can look the appointment up."
)
DECIDED = frozenset({Status.APPROVED, Status.DECLINED})
OPEN = frozenset({Status.TENTATIVE, Status.APPROVED})
# What the page thanks for.
SAID = ("accepted", "refused")


def status(call: Call) -> Response:
    """``/manage/{token}``: the appointment as it is now; ``?said=`` thanks for an answer that was just given."""
    said = call.request.query_params.get("said", "")
    return show(call, said if said in SAID else "")


def show(call: Call, said: str = "", *, status: int = 200) -> Response:
    """The page; ``said`` names what is said above it, among the words about other times."""
    now = call.server.database.clock()
    base_url = call.server.config.base_url
    with call.server.database.read() as session:
        appointment = appointment_of(call, session, Purpose.MANAGE, now)
        practice = session.get_one(Practice, appointment.practice_id)
        service = session.get_one(Service, (practice.id, appointment.service_id))
        shown = _status_told(appointment, now)
        visit = visit_of(session, appointment, approved=shown is Status.APPROVED)
        locale = _locale(appointment, practice)
        language = i18n.spoken(locale).language
        heading, meaning = wording.texts(language, "pages", "manage", "states", shown.value)
        times = _other_times(call, session, appointment, practice, locale, now)
        due = appointment.answer_due if shown is Status.TENTATIVE else None
        return page(
            call,
            "widget/manage.html",
            status=status,
            times=times,
            said=_words_of_times(language, practice)[said] if said else "",
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
            who_calls=visit_words.call(visit, locale) if shown in OPEN else None,
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
        appointment = appointment_of(call, session, Purpose.CALENDAR, now)
        practice = session.get_one(Practice, appointment.practice_id)
        shown = _status_told(appointment, now)
        content = calendar_files.calendar_file(
            [(appointment.id, visit_of(session, appointment, approved=shown is Status.APPROVED))],
            shown,
            practice_name=practice.name,
            organizer=practice.email,
            url=addresses.booking_url(call.server.config.base_url, practice),
            language=i18n.spoken(_locale(appointment, practice)).language,
            now=now,
        )
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(content, media_type="text/calendar", headers=headers)


def appointment_of(call: Call, session: Session, purpose: Purpose, now: datetime) -> Appointment:
    """The appointment that the link in the path leads to; raises :class:`LinkUnusable`, also for a revoked one."""
    try:
        claims = call.server.links.read(purpose, call.path("token"), now)
    except LinkUnusable:
        raise LinkUnusable(UNUSABLE) from None
    appointment = session.get(Appointment, (claims.get("practice", ""), claims.get("appointment", "")))
    if appointment is None or not addresses.is_current(claims, appointment):
        raise LinkUnusable(UNUSABLE)
    return appointment


def _other_times(
    call: Call, session: Session, appointment: Appointment, practice: Practice, locale: str, now: datetime
) -> dict[str, object] | None:
    """What the client may choose from, if they are asked to."""
    proposal = review.read_proposal(session, appointment, now)
    if proposal is None:
        return None
    until = i18n.full_time(proposal.until, appointment.timezone, locale)
    texts = _words_of_times(i18n.spoken(locale).language, practice)
    return {
        "texts": texts | {"kept": texts["kept"].format(until=until)},
        "address": f"/manage/{call.path('token')}",
        "form": new_token(call, practice).text,
        "choices": [
            (one.id, i18n.full_time(one.start, one.timezone, locale), one.practitioner, one.location)
            for one in proposal.times
        ],
    }


def _words_of_times(language: str, practice: Practice) -> dict[str, str]:
    names = ("heading", "lead", "kept", "asked", "choose", "accept", "none", "noneHint", *SAID, "missing", "gone")
    texts = {name: wording.text(language, "pages", "manage", "times", name) for name in names}
    return {name: text if name == "kept" else text.format(practice=practice.name) for name, text in texts.items()}


def _status_told(appointment: Appointment, now: datetime) -> Status:
    """A decision that staff can still take back, and that no mail has told of, isn't told here either."""
    undecided = appointment.undo_until is not None and now < appointment.undo_until
    if undecided and appointment.status is Status.CANCELLED:
        return Status.APPROVED
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
