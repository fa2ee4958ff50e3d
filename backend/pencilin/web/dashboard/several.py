"""Several requests at once: *Link and approve N*, declining several, and taking either back.

Each is decided by itself, in a transaction of its own, against the request as it was shown: one that somebody else
decided meanwhile stays as it is, and the outcome says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import clients as files
from pencilin import i18n, review
from pencilin.errors import Conflict, Invalid, NotFound
from pencilin.review import ConfirmTo, DeclineReason
from pencilin.web.dashboard.requests import Declining, requests_page
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

Decide = Callable[[Session, str, int, datetime], None]

# What is posted under /requests and has no page of its own.
POSTED = ("refusals", "undo")
NOBODY = "Tick at least one request."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request, in words; ``done``: as it was asked for. ``revision`` is then its own."""

    id: str
    name: str
    words: str
    done: bool
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was entered to approve several: the ticked requests, where each confirmation goes, and what is wrong."""

    chosen: frozenset[str] = frozenset()
    confirm_to: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def approvals(call: StaffCall) -> Response:
    """``GET /requests/approvals``: every request with a very likely client, typed beside filed."""
    return _approvals_page(call)


def approve_several(call: StaffCall) -> Response:
    """``POST /requests/approvals`` with ``chosen`` several times, and ``client_ID``, ``revision_ID`` and, where the
    addresses differ, ``confirm_to_ID`` for each."""
    chosen = _chosen(call)
    confirm_to = {one: call.field(f"confirm_to_{one}") for one in chosen}
    with call.server.database.read() as session:
        now = call.server.database.clock()
        differing = {
            one.request.appointment_id
            for one in review.pairs(session, call.staff, now)
            if one.must_choose_address and one.request.appointment_id in chosen
        }
    wrong = {one: "Choose where the confirmation goes." for one in differing if confirm_to[one] not in set(ConfirmTo)}
    if not chosen:
        wrong = {"": NOBODY}
    if wrong:
        return _approvals_page(call, Ticked(frozenset(chosen), confirm_to, wrong))

    def decide(session: Session, one: str, revision: int, now: datetime) -> None:
        to = ConfirmTo(confirm_to[one]) if confirm_to[one] in set(ConfirmTo) else None
        review.link_and_approve(session, call.staff, one, call.field(f"client_{one}"), revision, to, now)

    return _outcomes(call, "Link and approve", "approved", [_decide(call, one, decide, "approved") for one in chosen])


def decline_several(call: StaffCall) -> Response:
    """``POST /requests/refusals`` with ``chosen`` several times, ``revision_ID`` for each, ``reason``, ``message``."""
    chosen, reason, message = _chosen(call), call.field("reason"), call.field("message")
    wrong = {}
    if not chosen:
        wrong["chosen"] = NOBODY
    if reason not in set(DeclineReason):
        wrong["reason"] = "Choose a reason."
    try:
        files.prose(message, files.LONGEST_MESSAGE)
    except ValueError as error:
        wrong["message"] = str(error)
    if wrong:
        return requests_page(call, Declining(frozenset(chosen), reason, message, wrong))

    def decide(session: Session, one: str, revision: int, now: datetime) -> None:
        review.decline(session, call.staff, one, revision, DeclineReason(reason), message, now)

    return _outcomes(call, "Decline several", "declined", [_decide(call, one, decide, "declined") for one in chosen])


def undo_several(call: StaffCall) -> Response:
    """``POST /requests/undo`` with ``chosen`` several times and ``revision_ID`` for each: back to tentative."""

    def decide(session: Session, one: str, revision: int, now: datetime) -> None:
        review.undo(session, call.staff, one, revision, now)

    words = "taken back, it waits again"
    return _outcomes(call, "Taken back", "", [_decide(call, one, decide, words) for one in _chosen(call)])


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts."""
    return see_other("/requests")


def _chosen(call: StaffCall) -> list[str]:
    """The ticked requests, each once; what is no id is nobody's."""
    sent = [one for one in call.form.getlist("chosen") if isinstance(one, str) and one.isalnum()]
    return list(dict.fromkeys(sent))


def _decide(call: StaffCall, one: str, decide: Decide, done: str) -> Outcome:
    sent = call.field(f"revision_{one}")
    revision = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    try:
        call.server.database.write(lambda session, now: decide(session, one, revision, now))
    except (Conflict, Invalid, NotFound) as error:
        told = str(error)
        return Outcome(one, _name(call, one), told[:1].lower() + told[1:].removesuffix("."), done=False)
    with call.server.database.read() as session:
        revision = review.find(session, call.staff, one).revision
    return Outcome(one, _name(call, one), done, done=True, revision=revision)


def _name(call: StaffCall, one: str) -> str:
    with call.server.database.read() as session:
        try:
            view = review.find(session, call.staff, one)
        except NotFound:
            return "A request"
        return review.names_of(session, call.staff, [view])[one] or "A request"


def _outcomes(call: StaffCall, heading: str, verb: str, outcomes: list[Outcome]) -> Response:
    """What became of each; ``verb``: of those that can be taken back, none if empty."""
    return show(
        call,
        "outcomes.html",
        "requests",
        heading=heading,
        outcomes=outcomes,
        undoable=[one for one in outcomes if one.done] if verb else [],
        seconds=review.UNDO_SECONDS,
    )


def _approvals_page(call: StaffCall, ticked: Ticked | None = None) -> Response:
    now = call.server.database.clock()
    with call.server.database.read() as session:
        found = review.pairs(session, call.staff, now)
    locale = call.practice.staff_locale
    return show(
        call,
        "approvals.html",
        "requests",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if ticked else HTTPStatus.OK,
        pairs=[(one, i18n.brief_time(one.request.start, one.request.timezone, locale)) for one in found],
        ticked=ticked or Ticked(),
    )
