"""*Send to my webmaster*: pages with the snippet that need no sign-in, until they expire or are revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.errors import Conflict, LinkUnusable, NotFound
from pencilin.models import Practice, Staff, WebmasterLink
from pencilin.website.snippet import Options

LASTS = timedelta(days=30)
MOST_OPEN = 20
KIND = "webmaster_link"
REVOKED = "The practice has taken this link back. Please ask it for a new one."


@dataclass(frozen=True, slots=True)
class Sent:
    """A link that still works, and who made it."""

    link: WebmasterLink
    by: str


def create(session: Session, staff: Staff, options: Options, now: datetime) -> WebmasterLink:
    """A new page with the snippet of these options, for 30 days. Raises :class:`Conflict` when there are too many."""
    if len(still_open(session, staff.practice_id, now)) >= MOST_OPEN:
        raise Conflict(f"There are {MOST_OPEN} links already. Revoke one that nobody needs any more.")
    link = WebmasterLink(
        practice_id=staff.practice_id,
        staff_id=staff.id,
        options=options.chosen(),
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(link)
    audit.record(session, now, link.practice_id, staff, "webmaster_link.created", KIND, link.id)
    return link


def revoke(session: Session, staff: Staff, link_id: str, now: datetime) -> None:
    """Ends a link of the staff member's practice at once; one that has ended stays as it is."""
    link = session.get(WebmasterLink, (staff.practice_id, link_id), with_for_update=True)
    if link is None:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at = now
        audit.record(session, now, link.practice_id, staff, "webmaster_link.revoked", KIND, link.id)


def still_open(session: Session, practice_id: str, now: datetime) -> Sequence[Sent]:
    """The practice's links that still work, the newest first."""
    rows = session.exec(
        select(WebmasterLink, Staff.name)
        .join(
            Staff,
            (col(Staff.practice_id) == WebmasterLink.practice_id) & (col(Staff.id) == WebmasterLink.staff_id),
        )
        .where(
            WebmasterLink.practice_id == practice_id,
            col(WebmasterLink.revoked_at).is_(None),
            WebmasterLink.expires_at > now,
        )
        .order_by(col(WebmasterLink.created_at).desc(), col(WebmasterLink.id))
    ).all()
    return [Sent(link, name) for link, name in rows]


def find(session: Session, practice_id: str, link_id: str) -> tuple[Practice, WebmasterLink]:
    """The practice and the link that a token names. Raises :class:`LinkUnusable` for one that was revoked."""
    link = session.get(WebmasterLink, (practice_id, link_id))
    if link is None or link.revoked_at is not None:
        raise LinkUnusable(REVOKED)
    return session.get_one(Practice, practice_id), link
