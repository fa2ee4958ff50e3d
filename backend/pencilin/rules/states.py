"""The life of an appointment, and why practitioner time is taken."""

from enum import StrEnum

from pencilin.errors import Conflict


class Status(StrEnum):
    """Where an appointment stands."""

    TENTATIVE = "tentative"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    COMPLETED = "completed"
    NO_SHOW = "no_show"


class Purpose(StrEnum):
    """Why a reservation takes a practitioner's time."""

    HOLD = "hold"  # a visitor is filling the form; expires; belongs to no appointment
    CURRENT = "current"
    PREVIOUS = "previous"  # kept while a client's move awaits a decision
    PROPOSED = "proposed"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.TENTATIVE: frozenset({Status.APPROVED, Status.DECLINED, Status.CANCELLED, Status.EXPIRED}),
    Status.APPROVED: frozenset({Status.CANCELLED, Status.COMPLETED, Status.NO_SHOW, Status.TENTATIVE}),
    Status.DECLINED: frozenset({Status.TENTATIVE}),
    Status.CANCELLED: frozenset({Status.APPROVED}),
    Status.EXPIRED: frozenset(),
    Status.COMPLETED: frozenset({Status.NO_SHOW, Status.APPROVED}),
    Status.NO_SHOW: frozenset({Status.COMPLETED, Status.APPROVED}),
}
"""What may follow what. Back to tentative is undo, a client's move, or a declined time that is still free; back to
approved is undo."""

_IS = {
    Status.TENTATIVE: "is waiting for a decision",
    Status.APPROVED: "is approved",
    Status.DECLINED: "was declined",
    Status.CANCELLED: "was cancelled",
    Status.EXPIRED: "has expired",
    Status.COMPLETED: "is completed",
    Status.NO_SHOW: "is marked as a no-show",
}
_BECOME = {
    Status.TENTATIVE: "go back to tentative",
    Status.APPROVED: "be approved",
    Status.DECLINED: "be declined",
    Status.CANCELLED: "be cancelled",
    Status.EXPIRED: "expire",
    Status.COMPLETED: "be marked as completed",
    Status.NO_SHOW: "be marked as a no-show",
}


def may_become(current: Status, wanted: Status) -> bool:
    """Whether an appointment may go from one status to another; never to the one it has."""
    return wanted in TRANSITIONS[current]


def check_transition(current: Status, wanted: Status) -> None:
    """Raises :class:`~pencilin.errors.Conflict`, saying why, unless the appointment may take this step."""
    if current == wanted:
        raise Conflict(f"This appointment {_IS[current]} already.")
    if not may_become(current, wanted):
        raise Conflict(f"This appointment {_IS[current]}, so it can't {_BECOME[wanted]}. Please look again.")
