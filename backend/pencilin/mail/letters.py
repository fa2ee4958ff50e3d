"""What a mail says: the row of the outbox becomes a letter, as text and as HTML of equal content.

Each kind is one template, ``templates/KIND.mail``, laid out by ``letter.txt`` and by ``letter.html``. What clients read
is in their language, by ``words/LANGUAGE.json``; mails to staff are English, like the dashboard. Only the HTML is
escaped, and all of it: what it says depends on no file's ending.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from sqlmodel import Session

from pencilin import i18n, wording
from pencilin.addresses import booking_url, invitation_url, manage_url, view_appointment_url
from pencilin.config import Config
from pencilin.errors import BadSetting
from pencilin.links import Links
from pencilin.mail import visits
from pencilin.mail.calendar_file import calendar_file, method
from pencilin.mail.headers import headed
from pencilin.mail.messages import TO_CLIENT, Kind
from pencilin.mail.proposals import TOLD, Answer
from pencilin.mail.series import SERIES, blocks
from pencilin.mail.visit_words import words
from pencilin.mail.visits import Visit
from pencilin.models import Appointment, Outbox, Practice, Staff
from pencilin.rules.colours import under_white_text
from pencilin.rules.states import Status

VIEW_LASTS = timedelta(days=14)
INVITATION_LASTS = timedelta(days=7)
# What may say that a link is still to come: after a decision there is one, or never will be.
BEFORE_CONFIRMATION = (Kind.REQUEST_RECEIVED, Kind.NEW_BOOKING, Kind.BOOKING_DIGEST, Kind.OTHER_TIMES)
# To a client, about a visit that is to be.
TO_COME = (Kind.REQUEST_RECEIVED, Kind.CONFIRMED, Kind.VISIT_REMINDER)
# About no visit, or nothing of it.
WITHOUT_VISIT = (Kind.SIGN_IN_CODE, Kind.INVITATION, Kind.BY_MISTAKE, Kind.SECOND_FACTOR_RESET, Kind.TRIAL)

Context = dict[str, object]


def _environment(*, escape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["flowing"] = lambda text: " ".join(text.split())
    # Fills in a text. In HTML the text is escaped first, and then knows how to escape what it is given.
    marked = environment.filters["escape"] if escape else str
    environment.filters["put"] = lambda text, **values: marked(text).format(**values)
    return environment


HTML = _environment(escape=True)
TEXT = _environment(escape=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """The rows that a mail is made of. ``appointment`` and ``staff``: what it is about, where it is about such;
    ``lines``: of all the appointments that it tells of, each one's own row, the soonest first."""

    practice: Practice
    row: Outbox
    appointment: Appointment | None = None
    staff: Staff | None = None
    lines: Sequence[tuple[Outbox, Appointment]] = ()


def compose(
    session: Session, row: Outbox, news: Sequence[Outbox], config: Config, links: Links, now: datetime
) -> EmailMessage:
    """The mail of a row, the same each time but for its date; of a group, it tells of all of ``news``.

    Raises as :func:`write` does.
    """
    practice = session.get_one(Practice, row.practice_id)
    if row.kind in WITHOUT_VISIT:
        return write(
            Subject(practice, row, staff=session.get(Staff, (practice.id, row.subject_id))), config, links, now
        )
    lines = [(one, session.get_one(Appointment, (practice.id, one.subject_id))) for one in news]
    lines.sort(key=lambda line: (line[1].start, line[1].id))
    if row.kind in SERIES:
        row = lines[0][0]  # whichever was leased first, the mail is the same
    appointment = session.get_one(Appointment, (practice.id, row.subject_id))
    return write(Subject(practice, row, appointment, lines=lines), config, links, now)


def write(subject: Subject, config: Config, links: Links, now: datetime) -> EmailMessage:
    """The mail that says what these rows hold.

    Raises :class:`~pencilin.mail.headers.Unsendable` for an address that no header can bear, and
    :class:`~pencilin.errors.BadSetting` when nobody has said where mail comes from.
    """
    if config.mail_from is None:
        raise BadSetting("PENCILIN_MAIL_FROM is not set: give the address that mail comes from.")
    practice, row = subject.practice, subject.row
    kind = Kind(row.kind)
    visit = None if kind in WITHOUT_VISIT else visits.read(row.payload or {})
    locale = _locale(practice, (row.payload or {})["lang"] if kind in TO_CLIENT else None)
    template = SERIES[kind] if kind in SERIES and len(subject.lines) > 1 else kind.value
    context = _common(practice, locale)
    if kind in TO_CLIENT:
        context["texts"] = wording.words(i18n.spoken(locale).language, template, wording.MAIL)
    if visit is not None and subject.appointment is not None:
        context |= _about(visit, subject.appointment, practice, row, config, links, locale)
        if kind == Kind.BOOKING_DIGEST:
            context["lines"] = _lines(subject, config, links, locale)
        elif kind in SERIES:
            dates = [
                (
                    visits.read(one.payload or {}),
                    manage_url(config.base_url, links, each) if kind == Kind.CONFIRMED else None,
                )
                for one, each in subject.lines
            ]
            context["blocks"] = blocks(dates, locale, tell_call=kind in TO_COME)
    elif kind not in TO_CLIENT:
        context |= _personal(subject, config, links, locale)
    message = headed(
        sender=config.mail_from,
        name=practice.name,
        recipient=row.recipient,
        reply_to=practice.email,
        subject=_subject(template, context),
        message_id=row.message_id,
        now=now,
    )
    message.set_content(_text(template, context))
    message.add_alternative(_html(template, context), subtype="html")
    if visit is not None:
        _attach(message, subject, locale, booking_url(config.base_url, practice), config.mail_from)
    # Last, since what is added makes every earlier Content-… header one of its first part.
    message["Content-Language"] = i18n.language_tag(locale)
    return message


def _common(practice: Practice, locale: str) -> Context:
    return {
        "practice": practice,
        "language": i18n.language_tag(locale),
        "direction": i18n.direction(locale),
        "letter": wording.words(i18n.spoken(locale).language, "letter", wording.MAIL),
        "accent": under_white_text(practice.accent),
        "contacts": [contact for contact in (practice.phone, practice.email) if contact],
    }


def _about(
    visit: Visit, appointment: Appointment, practice: Practice, row: Outbox, config: Config, links: Links, locale: str
) -> Context:
    payload, kind = row.payload or {}, Kind(row.kind)
    context: Context = {
        "visit": visit,
        "words": words(visit, locale, promise_link=kind in BEFORE_CONFIRMATION, tell_call=kind in TO_COME),
        "message": payload.get("message"),
        "undone": payload.get("undone"),
        "offered": payload.get("offered"),
        "first_name": payload.get("first_name"),
        "manage_url": manage_url(config.base_url, links, appointment),
        "booking_url": booking_url(config.base_url, practice),
    }
    if kind == Kind.OTHER_TIMES:
        context |= _offer(payload, visit, locale)
    elif kind == Kind.CLIENT_ANSWERED:
        context["told"] = TOLD[Answer(payload["answer"] or "")]
    if row.staff_id is not None:
        context["view_url"] = _view_url(row, row.staff_id, appointment, config, links)
    return context


def _view_url(row: Outbox, staff_id: str, appointment: Appointment, config: Config, links: Links) -> str:
    return view_appointment_url(config.base_url, links, appointment, staff_id, row.created_at + VIEW_LASTS)


def _lines(subject: Subject, config: Config, links: Links, locale: str) -> list[Context]:
    """What a digest tells of each appointment, the soonest first, with a link of its own."""
    lines: list[Context] = []
    for row, appointment in subject.lines:
        visit = visits.read(row.payload or {})
        lines.append(
            {
                "visit": visit,
                "words": words(visit, locale, promise_link=True),
                "first_name": (row.payload or {}).get("first_name"),
                "view_url": _view_url(row, row.staff_id or "", appointment, config, links),
            }
        )
    return lines


def _offer(payload: visits.Payload, visit: Visit, locale: str) -> Context:
    """The times that a client may choose from, and until when."""
    times = [visits.read(one) for one in json.loads(payload["times"] or "[]")]
    until = datetime.fromisoformat(payload["until"] or "")
    return {
        "times": [(one, words(one, locale, promise_link=True, tell_call=True)) for one in times],
        "until": i18n.listed(
            locale, i18n.date_and_clock(until, visit.timezone, locale), i18n.zone_city(visit.timezone, locale)
        ),
    }


def _personal(subject: Subject, config: Config, links: Links, locale: str) -> Context:
    practice, row, staff = subject.practice, subject.row, subject.staff
    if staff is None:
        return {"code": (row.payload or {})["code"]}
    expires = row.created_at + INVITATION_LASTS
    return {
        "staff_name": staff.name,
        "invitation_url": invitation_url(config.base_url, links, row.practice_id, staff.id, expires),
        "account_url": f"{config.base_url}/account",
        "expires": i18n.full_time(expires, practice.timezone, locale),
    }


def _locale(practice: Practice, lang: str | None) -> str:
    """Staff read English; a client reads what they booked in, ``lang``, else the practice's language."""
    return practice.staff_locale if lang is None else i18n.locale_of([lang], practice.locale)


def _subject(name: str, context: Context) -> str:
    template, variables = _laid_out(TEXT, name, "txt", context)
    return "".join(template.blocks["subject"](template.new_context(variables)))


def _text(name: str, context: Context) -> str:
    template, variables = _laid_out(TEXT, name, "txt", context)
    return re.sub(r"\n{3,}", "\n\n", template.render(variables)).strip() + "\n"


def _html(name: str, context: Context) -> str:
    template, variables = _laid_out(HTML, name, "html", context)
    return template.render(variables)


def _laid_out(environment: Environment, name: str, form: str, context: Context) -> tuple[Template, Context]:
    parts = environment.get_template(f"parts.{form}").make_module(
        {each: context[each] for each in ("accent", "letter")}
    )
    return environment.get_template(f"{name}.mail"), {**context, "p": parts, "layout": f"letter.{form}"}


def _attach(message: EmailMessage, subject: Subject, locale: str, url: str, sender: str) -> None:
    practice, row = subject.practice, subject.row
    kind = Kind(row.kind)
    undone = kind == Kind.CORRECTION and (row.payload or {}).get("undone") == Kind.CONFIRMED
    withdrawn = undone or kind == Kind.CANCELLED
    if kind != Kind.CONFIRMED and not withdrawn:
        return
    events = [(one.subject_id, visits.read(one.payload or {})) for one, _ in subject.lines]
    content = calendar_file(
        events,
        Status.APPROVED,
        practice_name=practice.name,
        organizer=practice.email or sender,
        url=url,
        language=i18n.spoken(locale).language,
        now=row.created_at,
        withdrawn=withdrawn,
    )
    message.add_attachment(
        content.decode(),
        subtype="calendar",
        filename="appointment.ics" if len(events) == 1 else "appointments.ics",
        params={"method": method(withdrawn, len(events))},
    )
