"""Settings → Emails: who hears of bookings and how often, what mails say, and whether they go out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin.accounts import staffing
from pencilin.errors import Conflict, Invalid, NotFound
from pencilin.mail import backlog, messages, recipients
from pencilin.mail.examples import TITLES, example
from pencilin.mail.letters import write
from pencilin.mail.messages import Kind
from pencilin.models import Practice, Staff
from pencilin.practices import mail_settings
from pencilin.web.dashboard.editing import Form, merged, refused, sent, shown
from pencilin.web.dashboard.mail_words import framed, hears_choices, often_choices, preferences
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.settings import EMAILS, show_settings
from pencilin.web.dashboard.staff_settings import when
from pencilin.web.http import page, see_other
from pencilin.web.security import StaffCall

POSTED = ("recipients", "content", "test")
CONTENT = ("mail_first_name", "reminder_hours")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the page."""
    return see_other(EMAILS.address)


def emails_page(call: StaffCall) -> Response:
    """``GET /settings/emails``"""
    return _page(call)


def save_recipients(call: StaffCall) -> Response:
    """``POST …/recipients``: what everybody hears of, and how often."""
    with call.server.database.read() as session:
        typed = sent(call, _stored(_present(session, call)))

    def work(session: Session, now: datetime) -> None:
        staffing.keep_others_out(session, call.practice.id)
        everybody = _present(session, call)
        values = merged(call, typed, _stored(everybody))
        wrong: dict[str, str] = {}
        for one in everybody:
            try:
                chosen = preferences(values, f"hears_{one.id}", f"often_{one.id}")
            except Invalid as error:
                wrong |= error.fields
            else:
                recipients.choose(session, call.staff, one, *chosen, now)
        if wrong:
            raise Invalid(wrong)

    try:
        call.server.database.write(work)
    except Invalid as error:
        return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, hearing=refused(call, typed, error))
    return say(call, see_other(EMAILS.address), "Saved.")


def save_content(call: StaffCall) -> Response:
    """``POST …/content``: whether mails name the client, and when clients are reminded."""
    typed = sent(call, CONTENT)

    def work(session: Session, now: datetime) -> None:
        staffing.keep_others_out(session, call.practice.id)
        practice = session.get_one(Practice, call.practice.id)
        values = merged(call, typed, _content(practice))
        chosen = values["reminder_hours"].split()
        if not set(chosen) <= {str(hours) for hours in _reminders(practice)}:
            raise Invalid({"reminder_hours": "Choose from these times."})
        mail_settings.change(
            session,
            call.staff,
            mail_first_name=bool(values["mail_first_name"]),
            reminder_hours=[int(hours) for hours in chosen],
            now=now,
        )

    try:
        call.server.database.write(work)
    except Invalid as error:
        return _page(call, status=HTTPStatus.UNPROCESSABLE_ENTITY, content=refused(call, typed, error))
    return say(call, see_other(EMAILS.address), "Saved.")


def send_test(call: StaffCall) -> Response:
    """``POST …/test``: a mail to whoever presses."""
    call.server.database.write(lambda session, now: messages.trial(session, call.staff, call.email, now))
    if call.server.config.smtp is None:
        return say(call, see_other(EMAILS.address), "The test mail waits here until a mail server is set up.")
    return say(call, see_other(EMAILS.address), f"A test mail is on its way to {call.email}.")


def send_again(call: StaffCall) -> Response:
    """``POST …/mails/{mail}/sending``: another try for a mail that was given up."""
    mail = call.path("mail")
    try:
        call.server.database.write(lambda session, now: backlog.send_again(session, call.staff, mail, now))
    except Conflict as error:
        return _page(call, status=HTTPStatus.CONFLICT, problem=str(error))
    return say(call, see_other(EMAILS.address), "It is on its way again.")


def lead_back_from_mail(call: StaffCall) -> Response:
    """``GET …/mails/{mail}/sending``: to the page, for a mail of the practice."""
    with call.server.database.read() as session:
        backlog.find(session, call.practice.id, call.path("mail"))
    return see_other(EMAILS.address)


def preview(call: StaffCall) -> Response:
    """``GET …/preview?kind=``: a mail as rendered, about nobody, for the frame on our own page."""
    kind = next((one for one in TITLES if one == call.request.query_params.get("kind", "")), None)
    if kind is None:
        raise NotFound("There is no such mail.")
    server = call.server
    config = replace(server.config, mail_from=server.config.mail_from or "example@example.com")
    now = server.database.clock()
    letter = write(example(call.practice, call.staff, kind, now), config, server.links, now)
    html = letter.get_body(("html",))
    content, styles = framed(str(html.get_content()) if html else "")
    return page(call, "dashboard/settings/mail_preview.html", frame_ancestors="'self'", letter=content, styles=styles)


def _page(
    call: StaffCall,
    *,
    status: int = 200,
    hearing: Form | None = None,
    content: Form | None = None,
    problem: str = "",
) -> Response:
    database = call.server.database
    now = database.clock()
    with database.read() as session:
        practice = session.get_one(Practice, call.practice.id)
        everybody = _present(session, call)
        unheard = recipients.unheard(session, practice.id)
        state = backlog.state(session, practice.id, now)
    kind = call.request.query_params.get("kind", "")
    chosen = kind if kind in list(TITLES) else Kind.NEW_BOOKING.value
    return show_settings(
        call,
        "emails.html",
        EMAILS,
        status=status,
        problem=problem,
        server=call.server.config.smtp,
        sender=call.server.config.mail_from,
        state=state,
        next_try=when(call, state.next_try),
        failed=[(one, TITLES.get(Kind(one.kind), "Test mail"), when(call, one.failed_at)) for one in state.failed],
        everybody=[(one, hears_choices(one.role)) for one in everybody],
        often=often_choices(),
        hearing=hearing or shown(_stored(everybody)),
        unheard=unheard,
        content=content or shown(_content(practice)),
        reminders={str(hours): words for hours, words in _reminders(practice).items()},
        titles={one.value: words for one, words in TITLES.items()},
        chosen=chosen,
    )


def _present(session: Session, call: StaffCall) -> list[Staff]:
    return [one.staff for one in staffing.members(session, call.practice.id) if one.staff.disabled_at is None]


def _stored(everybody: list[Staff]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for one in everybody:
        fields |= {f"hears_{one.id}": one.hears_of.value, f"often_{one.id}": one.booking_mail.value}
    return fields


def _content(practice: Practice) -> dict[str, str]:
    hours = "\n".join(str(one) for one in practice.reminder_hours)
    return {"mail_first_name": "yes" if practice.mail_first_name else "", "reminder_hours": hours}


def _reminders(practice: Practice) -> Mapping[int, str]:
    """What may be chosen, and whatever was chosen before."""
    known = mail_settings.REMINDERS
    others = {one: f"{one} hours before" for one in practice.reminder_hours if one not in known}
    return dict(sorted((known | others).items(), reverse=True))
