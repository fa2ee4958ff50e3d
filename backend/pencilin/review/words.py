"""What happened to an appointment, in the words of its history; keys are the actions of the audit trail."""

from collections.abc import Sequence
from enum import StrEnum

_ACTIONS = {
    "appointment.requested": "Requested",
    "appointment.entered": "Entered",
    "appointment.approved": "Approved",
    "appointment.declined": "Declined",
    "appointment.undone": "Decision undone",
    "appointment.reopened": "Reopened",
    "appointment.changed": "Changed",
    "appointment.proposed": "Other times proposed",
    "appointment.proposal_withdrawn": "Other times withdrawn",
    "appointment.proposal_lapsed": "Other times not answered",
    "appointment.time_accepted": "Another time accepted",
    "appointment.times_refused": "None of the other times suits",
    "appointment.email_corrected": "Email address corrected",
    "appointment.linked": "Linked to a client",
    "appointment.saved_as_new": "Saved as a new client",
    "appointment.client_changed": "Changed to another client",
    "appointment.unlinked": "Unlinked from the client",
    "appointment.filed": "Client file updated",
    "appointment.client_merged": "Went to the file that its client’s was merged into",
    "appointment.client_unmerged": "Went back to its client’s own file",
    "appointment.expired": "Expired without an answer",
    "appointment.cancelled": "Cancelled",
    "appointment.completed": "Marked as completed",
    "appointment.no_show": "Marked as a no-show",
    "appointment.outcome_undone": "Taken back",
}

_FIELDS = {
    "service_id": "service",
    "practitioner_id": "practitioner",
    "location_id": "location",
    "start": "time",
    "minutes": "length",
    "first_name": "first name",
    "last_name": "last name",
    "email": "email",
    "phone": "phone",
    "birth_date": "date of birth",
    "client": "client",
    "notes": "notes",
    "external_id": "number in your other system",
}


class DeclineReason(StrEnum):
    """Why a request is declined: for the practice's own figures, never told to the client."""

    TIME = "time"
    SERVICE = "service"
    FULL = "full"
    UNREACHABLE = "unreachable"
    DUPLICATE = "duplicate"
    NOT_SERIOUS = "not_serious"
    OTHER = "other"


DECLINE_REASONS: dict[DeclineReason, str] = {
    DeclineReason.TIME: "The time doesn't work",
    DeclineReason.SERVICE: "Another service or practitioner is needed",
    DeclineReason.FULL: "No new clients at present",
    DeclineReason.UNREACHABLE: "Could not be reached with a question",
    DeclineReason.DUPLICATE: "Requested twice",
    DeclineReason.NOT_SERIOUS: "Not a serious request",
    DeclineReason.OTHER: "Another reason",
}


def summary(action: str) -> str:
    """*Approved*: the action as a past participle that begins a sentence."""
    return _ACTIONS.get(action, "Changed")


def sentence(action: str, fields: Sequence[str]) -> str:
    """*Changed: time, practitioner*."""
    named = ", ".join(label(field) for field in fields)
    return f"{summary(action)}: {named}" if named else summary(action)


def label(field: str) -> str:
    """*date of birth*: what a field is called within a sentence."""
    return _FIELDS.get(field, field.replace("_", " "))
