"""What a mail says: the row of the outbox becomes a letter, as text and as HTML of equal content.

Each kind is one template, ``templates/KIND.mail``, laid out by ``letter.txt`` and by ``letter.html``. What clients read
is in their language, by ``words/LANGUAGE.json``; mails to staff are English, like the dashboard. Only the HTML is
escaped, and all of it: what it says depends on no file's ending.
"""

import json
import re
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
from pencilin.mail.visits import Visit
from pencilin.models import Appointment, LocationKind, Outbox, Practice, Staff
from pencilin.rules.colours import under_white_text
from pencilin.rules.states import Status

VIEW_LASTS = timedelta(days=14)
INVITATION_LASTS = timedelta(days=7)
# What may say that a link is still to come: after a decision there is one, or never will be.
BEFORE_CONFIRMATION = (Kind.REQUEST_RECEIVED, Kind.NEW_BOOKING, Kind.OTHER_TIMES)
# About no visit, or nothing of it.
WITHOUT_VISIT = (Kind.SIGN_IN_CODE, Kind.INVITATION, Kind.BY_MISTAKE)

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
class Words:
    """The times of a visit and the way there, in the reader's language."""

    date: str
    clock: str
    comma: str
    zone: str
    full: str
    subject: str
    answer_due: str
    way: str | None


def compose(session: Session, row: Outbox, config: Config, links: Links, now: datetime) -> EmailMessage:
    """The mail of a row, the same each time but for its date.

    Raises :class:`~pencilin.mail.headers.Unsendable` for an address that no header can bear, and
    :class:`~pencilin.errors.BadSetting` when nobody has said where mail comes from.
    """
    if config.mail_from is None:
        raise BadSetting("PENCILIN_MAIL_FROM is not set: give the address that mail comes from.")
    practice = session.get_one(Practice, row.practice_id)
    kind = Kind(row.kind)
    visit = None if kind in WITHOUT_VISIT else visits.read(row.payload or {})
    locale = _locale(practice, (row.payload or {})["lang"] if kind in TO_CLIENT else None)
    context = _common(practice, locale)
    if kind in TO_CLIENT:
        context["texts"] = wording.words(i18n.spoken(locale).language, kind, wording.MAIL)
    if visit is not None:
        appointment = session.get_one(Appointment, (row.practice_id, row.subject_id))
        context |= _about(visit, appointment, practice, row, config, links, locale)
    elif kind not in TO_CLIENT:
        context |= _personal(session, row, practice, config, links, locale)
    message = headed(
        sender=config.mail_from,
        name=practice.name,
        recipient=row.recipient,
        reply_to=practice.email,
        subject=_subject(kind, context),
        message_id=row.message_id,
        now=now,
    )
    message.set_content(_text(kind, context))
    message.add_alternative(_html(kind, context), subtype="html")
    if visit is not None:
        _attach(message, kind, visit, row, practice, locale, booking_url(config.base_url, practice), config.mail_from)
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
        "words": words(visit, locale, promise_link=kind in BEFORE_CONFIRMATION),
        "message": payload.get("message"),
        "undone": payload.get("undone"),
        "offered": payload.get("offered"),
        "manage_url": manage_url(config.base_url, links, appointment),
        "booking_url": booking_url(config.base_url, practice),
    }
    if kind == Kind.OTHER_TIMES:
        context |= _offer(payload, visit, locale)
    elif kind == Kind.CLIENT_ANSWERED:
        context["told"] = TOLD[Answer(payload["answer"] or "")]
    if row.staff_id is not None:
        expires = row.created_at + VIEW_LASTS
        context["view_url"] = view_appointment_url(config.base_url, links, appointment, row.staff_id, expires)
    return context


def _offer(payload: visits.Payload, visit: Visit, locale: str) -> Context:
    """The times that a client may choose from, and until when."""
    times = [visits.read(one) for one in json.loads(payload["times"] or "[]")]
    until = datetime.fromisoformat(payload["until"] or "")
    return {
        "times": [(one, words(one, locale, promise_link=True)) for one in times],
        "until": i18n.listed(
            locale, i18n.date_and_clock(until, visit.timezone, locale), i18n.zone_city(visit.timezone, locale)
        ),
    }


def _personal(session: Session, row: Outbox, practice: Practice, config: Config, links: Links, locale: str) -> Context:
    if row.kind == Kind.SIGN_IN_CODE:
        return {"code": (row.payload or {})["code"]}
    staff = session.get_one(Staff, (row.practice_id, row.subject_id))
    expires = row.created_at + INVITATION_LASTS
    return {
        "staff_name": staff.name,
        "invitation_url": invitation_url(config.base_url, links, row.practice_id, staff.id, expires),
        "expires": i18n.full_time(expires, practice.timezone, locale),
    }


def words(visit: Visit, locale: str, *, promise_link: bool) -> Words:
    """How a visit's facts are said in a locale; ``promise_link`` says that the link of a video visit is to come."""
    zone = visit.timezone
    city = i18n.zone_city(zone, locale)
    due = visit.answer_due or visit.start
    return Words(
        date=i18n.full_date(visit.start.astimezone(visit.zone).date(), locale),
        clock=i18n.spoken_clock(visit.start, zone, locale),
        comma=i18n.comma(locale),
        zone=i18n.zone_name(visit.start, zone, locale),
        full=i18n.full_time(visit.start, zone, locale),
        subject=i18n.listed(locale, i18n.brief_time(visit.start, zone, locale), city),
        answer_due=i18n.listed(locale, i18n.date_and_clock(due, zone, locale), city),
        way=_way(visit, locale, promise_link=promise_link),
    )


def _way(visit: Visit, locale: str, *, promise_link: bool) -> str | None:
    if visit.location_kind == LocationKind.VIDEO:
        if visit.join_url or not promise_link:
            return None
        return wording.text(i18n.spoken(locale).language, "letter", "linkToCome", folder=wording.MAIL)
    return visit.address


def _locale(practice: Practice, lang: str | None) -> str:
    """Staff read English; a client reads what they booked in, ``lang``, else the practice's language."""
    return practice.staff_locale if lang is None else i18n.locale_of([lang], practice.locale)


def _subject(kind: Kind, context: Context) -> str:
    template, variables = _laid_out(TEXT, kind, "txt", context)
    return "".join(template.blocks["subject"](template.new_context(variables)))


def _text(kind: Kind, context: Context) -> str:
    template, variables = _laid_out(TEXT, kind, "txt", context)
    return re.sub(r"\n{3,}", "\n\n", template.render(variables)).strip() + "\n"


def _html(kind: Kind, context: Context) -> str:
    template, variables = _laid_out(HTML, kind, "html", context)
    return template.render(variables)


def _laid_out(environment: Environment, kind: Kind, form: str, context: Context) -> tuple[Template, Context]:
    parts = environment.get_template(f"parts.{form}").make_module(
        {name: context[name] for name in ("accent", "letter")}
    )
    return environment.get_template(f"{kind.value}.mail"), {**context, "p": parts, "layout": f"letter.{form}"}


def _attach(
    message: EmailMessage,
    kind: Kind,
    visit: Visit,
    row: Outbox,
    practice: Practice,
    locale: str,
    url: str,
    sender: str,
) -> None:
    undone = kind == Kind.CORRECTION and (row.payload or {}).get("undone") == Kind.CONFIRMED
    withdrawn = undone or kind == Kind.CANCELLED
    if kind != Kind.CONFIRMED and not withdrawn:
        return
    content = calendar_file(
        visit,
        Status.APPROVED,
        appointment_id=row.subject_id,
        practice_name=practice.name,
        organizer=practice.email or sender,
        url=url,
        language=i18n.spoken(locale).language,
        now=row.created_at,
        withdrawn=withdrawn,
    )
    message.add_attachment(
        content.decode(), subtype="calendar", filename="appointment.ics", params={"method": method(withdrawn)}
    )
