"""What a practice's mails may say, and when clients are reminded."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from pencilin import audit
from pencilin.models import Practice, Staff

# Hours before the start at which clients may be reminded.
REMINDERS = {
    168: "A week before",
    72: "3 days before",
    48: "2 days before",
    24: "A day before",
    4: "4 hours before",
    2: "2 hours before",
}


def change(
    session: Session, actor: Staff, *, mail_first_name: bool, reminder_hours: Sequence[int], now: datetime
) -> None:
    """Changes them. Reminders of what is approved already stay as they were queued."""
    practice = session.get_one(Practice, actor.practice_id)
    values: dict[str, object] = {
        "mail_first_name": mail_first_name,
        "reminder_hours": sorted(set(reminder_hours), reverse=True),
    }
    fields = [field for field, value in values.items() if getattr(practice, field) != value]
    for field in fields:
        setattr(practice, field, values[field])
    if fields:
        audit.record(session, now, practice.id, actor, "practice.mail_changed", "practice", practice.id, fields)
