"""The page *Edit Appointment*: one appointment as it is now, with everything that can be decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlmodel import Session
from starlette.responses import Response

from pencilin import clients as files
from pencilin import i18n, review
from pencilin.clients import ClientForm
from pencilin.mail.messages import Kind
from pencilin.models import Client, Practice
from pencilin.review import Compared, MailEntry, ReviewView, Suggested
from pencilin.review.comparison import compare
from pencilin.review.linking import LINKABLE
from pencilin.rules.matching import Confidence
from pencilin.rules.states import Status
from pencilin.web.dashboard import day_around, moments, series_shown, visit_form
from pencilin.web.dashboard.clients import about, birthday, full_name
from pencilin.web.dashboard.shell import show
from pencilin.web.dashboard.visit_form import VisitForm
from pencilin.web.security import StaffCall

STATUS_WORDS = {
    Status.TENTATIVE: "New Appointment · Tentative",
    Status.APPROVED: "Appointment · Approved",
    Status.DECLINED: "Appointment · Declined",
    Status.CANCELLED: "Appointment · Cancelled",
    Status.EXPIRED: "Appointment · Expired",
    Status.COMPLETED: "Appointment · Completed",
    Status.NO_SHOW: "Appointment · No-show",
}
DONE = {Status.APPROVED: "Approved", Status.DECLINED: "Declined", Status.CANCELLED: "Cancelled"}
CONFIDENCE_WORDS = {Confidence.VERY_LIKELY: "Very likely", Confidence.POSSIBLE: "Possible"}
BEEN_BEFORE = {"yes": "Yes", "no": "No", "unsure": "Not sure"}
ANSWERS = (Kind.CONFIRMED, Kind.DECLINED, Kind.CANCELLED)
HIDDEN = "An existing client of the practice"


@dataclass(frozen=True, slots=True)
class Refused:
    """What a form asked for and did not get: why, and what had been entered, so that none of it is lost."""

    message: str
    fields: Mapping[str, str] = field(default_factory=dict)
    client: ClientForm | None = None
    match_exists: bool = False
    visit: VisitForm | None = None
    conflicts: tuple[str, ...] = ()
    may_insist: bool = False
    overlap: bool = False
    declining: bool = False
    cancelling: bool = False
    decline_reason: str = ""
    decline_message: str = ""
    confirm_to: str = ""
    ticked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A client who may be, or is, the booker. A hidden one has no name and nothing to compare."""

    client_id: str
    name: str
    hidden: bool
    confidence: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    caution: str | None
    rows: tuple[Compared, ...]

    @property
    def initials(self) -> str:
        """The first letters of the first and the last name."""
        words = self.name.split()
        return "" if self.hidden else (words[0][0] + words[-1][0]).upper()


@dataclass(frozen=True, slots=True)
class ClientQuestion:
    """Who the tentative client is, as far as it is settled.

    ``state``: *linked*; *chosen*, by matching or by hand, and to be confirmed; *open*, to be searched for or saved
    as new; *closed*, for a request that ended without. ``asked``: somebody pressed the cross, or is searching.
    """

    state: Literal["linked", "chosen", "open", "closed"]
    card: Card | None = None
    suggested: bool = False
    asked: bool = False
    possible: tuple[Card, ...] = ()
    text: str = ""
    found: tuple[tuple[Client, str], ...] = ()


def edit_page(call: StaffCall, *, status: int = 200, refused: Refused | None = None) -> Response:
    """The page; with ``refused``, what an attempt to change something met. Raises :class:`NotFound`."""
    appointment_id = call.path("appointment")
    now = call.server.database.clock()
    with call.server.database.read() as session:
        view = review.view(session, call.staff, appointment_id, now)
        question = _question(session, call, view)
        waiting = review.requests(session, call.staff, now, 1) if view.decided else []
    appointment, locale = view.appointment, call.practice.staff_locale
    as_typed = review.form_for_new(view)
    client_form = (refused and refused.client) or as_typed
    return show(
        call,
        "appointment.html",
        "requests" if appointment.status == Status.TENTATIVE else "calendar",
        status=status,
        refused=refused,
        view=view,
        status_words=STATUS_WORDS[appointment.status],
        question=question,
        typed_rows=_typed_rows(view, call.practice),
        client_form=client_form,
        client_edited=client_form != as_typed,
        visit=(refused and refused.visit) or visit_form.form_of(appointment, view.service),
        time=moments.span(appointment.start, appointment.end, appointment.timezone, locale),
        day=i18n.full_date(moments.day_in(appointment.start, appointment.timezone), locale),
        zone=i18n.zone_name(appointment.start, appointment.timezone, locale),
        waited=moments.length(now - appointment.created_at),
        due=moments.due(appointment.answer_due, now) if appointment.answer_due else None,
        been_before=BEEN_BEFORE.get(appointment.been_before or "", ""),
        mail_leaves_in=_seconds(appointment.undo_until, now),
        decided_words=decided_words(view, now),
        around=day_around.around(view.day, appointment.timezone, locale),
        history=[(one, _when(one.at, call.practice)) for one in view.history],
        mails=[(one, _mail_when(one, call.practice, now)) for one in view.mails],
        reasons=review.DECLINE_REASONS,
        proposed=_proposed(view, call.practice),
        series=series_shown.lines(view.series.all, call.practice) if view.series else [],
        has_begun=appointment.start <= now,
        next_request=f"/appointments/{waiting[0].appointment_id}" if waiting else None,
    )


def decided_words(view: ReviewView, now: datetime) -> str:
    """*Approved. Kim will be emailed in 20 s.* or, once that can't be undone at once, *Approved by Dana at 10:32 AM.*;
    nothing for what isn't decided.
    """
    if view.decided is None:
        return ""
    seconds = _seconds(view.appointment.undo_until, now)
    if not seconds:
        return f"{view.decided}."
    done = f"{DONE.get(view.appointment.status, view.decided)}."
    if not any(one.kind in ANSWERS and one.state == "waiting" for one in view.mails):
        return done
    person = view.booked_by or view.typed or view.client
    return f"{done} {person.first_name if person else 'The client'} will be emailed in {seconds} s."


def _question(session: Session, call: StaffCall, view: ReviewView) -> ClientQuestion:
    if view.link is not None:
        return ClientQuestion("linked", _linked(view))
    if view.appointment.status not in LINKABLE:
        return ClientQuestion("closed")
    query = call.request.query_params
    text = call.field("q")
    asked = bool(text) or "search" in query
    if query.get("client"):
        return ClientQuestion("chosen", _chosen(session, call, view, query["client"]))
    if view.suggestion and not asked:
        return ClientQuestion("chosen", _card(session, call, view, view.suggestion), suggested=True)
    found = files.search(session, call.staff, text) if text else []
    listed = (view.suggestion, *view.possible) if view.suggestion else view.possible
    return ClientQuestion(
        "open",
        asked=asked,
        possible=tuple(_card(session, call, view, one) for one in listed),
        text=text,
        found=tuple((one, about(one, call.practice)) for one in found),
    )


def _linked(view: ReviewView) -> Card:
    assert view.link is not None
    name = full_name(view.client) if view.client else HIDDEN
    return Card(
        view.link.client_id, name, view.client is None, "", tuple(view.link.evidence), (), None, view.comparison
    )


def _chosen(session: Session, call: StaffCall, view: ReviewView, client_id: str) -> Card:
    listed = (view.suggestion, *view.possible) if view.suggestion else view.possible
    for one in listed:
        if one.client_id == client_id:
            return _card(session, call, view, one)
    client = files.find(session, call.staff, client_id)
    return Card(client.id, full_name(client), False, "", (), (), None, _compared(view, client))


def _card(session: Session, call: StaffCall, view: ReviewView, one: Suggested) -> Card:
    confidence = CONFIDENCE_WORDS[one.confidence]
    if one.hidden:
        return Card(one.client_id, HIDDEN, True, confidence, one.agrees, one.differs, one.caution, ())
    client = files.find(session, call.staff, one.client_id)
    rows = _compared(view, client)
    return Card(client.id, full_name(client), False, confidence, one.agrees, one.differs, one.caution, rows)


def _compared(view: ReviewView, client: Client) -> tuple[Compared, ...]:
    return compare(view.typed, view.booked_by, client, view.practice, view.location) if view.typed else ()


def _typed_rows(view: ReviewView, practice: Practice) -> list[tuple[str, str]]:
    typed = view.typed
    if typed is None:
        return _filed_rows(view.client, practice) if view.client else []
    rows = [
        ("Name", f"{typed.first_name} {typed.last_name}"),
        ("Date of birth", birthday(typed.birth_date, practice) or "not given"),
        ("Email", typed.email),
        ("Phone", typed.phone or "not given"),
    ]
    if view.booked_by:
        by = view.booked_by
        rows.insert(1, ("Booked by", f"{by.first_name} {by.last_name} ({by.relationship})"))
    return rows


def _filed_rows(client: Client, practice: Practice) -> list[tuple[str, str]]:
    filed = {"Date of birth": birthday(client.birth_date, practice), "Email": client.email, "Phone": client.phone}
    return [(label, value) for label, value in filed.items() if value]


def _when(at: datetime, practice: Practice) -> str:
    return i18n.brief_time(at, practice.timezone, practice.staff_locale)


def _mail_when(mail: MailEntry, practice: Practice, now: datetime) -> str:
    """*Tue, Nov 24, 9:00 AM*; of one that is tried again, *Failed at 9:00 AM, next try 9:10 AM*, with days unless that
    is today."""
    if mail.tried_at is None:
        return _when(mail.at, practice)
    zone, locale = practice.timezone, practice.staff_locale
    days = {moments.day_in(one, zone) for one in (mail.tried_at, mail.at, now)}
    if len(days) > 1:
        return f"Failed {_when(mail.tried_at, practice)}, next try {_when(mail.at, practice)}"
    return f"Failed at {i18n.clock(mail.tried_at, zone, locale)}, next try {i18n.clock(mail.at, zone, locale)}"


def _proposed(view: ReviewView, practice: Practice) -> tuple[str, list[tuple[str, str]]] | None:
    """Until when the client may choose, and from which times, each with whom and where it would be."""
    if view.proposal is None:
        return None
    locale = practice.staff_locale
    until = i18n.brief_time(view.proposal.until, view.appointment.timezone, locale)
    times = [
        (i18n.full_time(one.start, one.timezone, locale), f"{one.practitioner} · {one.location.name}")
        for one in view.proposal.times
    ]
    return until, times


def _seconds(until: datetime | None, now: datetime) -> int:
    return max(0, round((until - now).total_seconds())) if until else 0
