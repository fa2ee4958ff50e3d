"""Every error that a person or another program may be told, as one tree.

``code`` is stable and part of the public contract; ``str(error)`` is a sentence for a person, which says what
happened and what to do next. The web edge turns a code into an HTTP status, the command line into an exit
status. Nothing here may carry personal data: errors end up in logs.
"""

from collections.abc import Mapping, Sequence


class PencilinError(Exception):
    """The root of everything that is raised on purpose."""

    code = "error"
    default = "Something went wrong. Please try again."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.default)


class Invalid(PencilinError):
    """Input that breaks a rule.

    ``fields`` maps the dotted name of each wrong field (``client.email``) to the reason, in words that say
    what to enter instead.
    """

    code = "invalid"
    default = "Some fields need another look."

    def __init__(self, fields: Mapping[str, str] | None = None, message: str | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class FileTooLarge(PencilinError):
    """More was uploaded than the page takes; it was not even read."""

    code = "too_large"
    default = "This file is larger than this page takes. Go back and choose a smaller one: the page says how large."


class UnsupportedMediaType(PencilinError):
    code = "unsupported_media_type"
    default = "Send the request as JSON, with Content-Type: application/json."


class IdempotencyKeyMissing(PencilinError):
    code = "idempotency_key_missing"
    default = "Send an Idempotency-Key header: any text that you use for this one booking only."


class IdempotencyKeyReused(PencilinError):
    code = "idempotency_key_reused"
    default = "This Idempotency-Key was used for another booking. Use a new one."


class NotFound(PencilinError):
    code = "not_found"
    default = "There is nothing at this address."


class Forbidden(PencilinError):
    """The person is known and may not do this; for rows they may not see, raise :class:`NotFound`."""

    code = "forbidden"
    default = "Your role doesn't allow this. Ask a manager of the practice."


class SignInNeeded(PencilinError):
    code = "sign_in_needed"
    default = "Please sign in."


class SlowDown(PencilinError):
    """Too many tries. ``retry_after`` is in whole seconds."""

    code = "slow_down"
    default = "That was a lot in a short time. Please wait a little and try again."

    def __init__(self, retry_after: int, message: str | None = None) -> None:
        super().__init__(message)
        self.retry_after = max(1, retry_after)


class Conflict(PencilinError):
    """Somebody or something else came first."""

    code = "conflict"
    default = "This was changed in the meantime. Please look again."


class SlotTaken(Conflict):
    """The start isn't on offer (any more). ``alternatives`` are the nearest slots as the public API shows them."""

    code = "slot_taken"
    default = "This time is no longer free. Please choose another one."

    def __init__(self, message: str | None = None, alternatives: Sequence[Mapping[str, object]] = ()) -> None:
        super().__init__(message)
        self.alternatives = list(alternatives)


class HoldExpired(Conflict):
    code = "hold_expired"
    default = "This time is no longer held. If it is still free, you can book it all the same."


class CorrectionClosed(Conflict):
    code = "correction_closed"
    default = "The address can't be changed here any more. Please tell the practice the right one."


class AlreadyDecided(Conflict):
    """A decision lost against another one; the message names the winner: *Approved by Dana at 10:32*."""

    code = "already_decided"


class MatchExists(Conflict):
    """A new file was to be saved although one fits very likely; staff may insist."""

    code = "match_exists"
    default = "This is very likely a client you already have. Link that file, or save a new one all the same."


class TimeConflicts(Conflict):
    """What speaks against a time that staff chose. Unless ``blocking``, they may insist; ``overlap`` makes that
    overbooking."""

    code = "time_conflicts"

    def __init__(self, reasons: Sequence[str], *, blocking: bool, overlap: bool = False) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)
        self.blocking = blocking
        self.overlap = overlap


class ProposalClosed(Conflict):
    """A client chose from times that are kept for them no more."""

    code = "proposal_closed"
    default = "These times are no longer kept for you. Please look at what is said about the appointment now."


class LinkUnusable(PencilinError):
    """A signed link that was altered, or made for something else."""

    code = "link_unusable"
    default = "Please open the link in the email again, or sign in."


class LinkExpired(LinkUnusable):
    """A genuine link past its time. ``claims`` is what it said, so that sign-in can still lead there."""

    code = "link_expired"
    default = "This link has expired. Sign in to go on."

    def __init__(self, claims: Mapping[str, str | int]) -> None:
        super().__init__()
        self.claims = dict(claims)


class Unavailable(PencilinError):
    """The server can't do it now (disk full, database away); nothing was half-done."""

    code = "unavailable"
    default = "We can't save anything at the moment. Nothing was lost: please try again in a minute."


class BadSetting(PencilinError):
    """A setting or file of the operator is wrong; the message names it and says what it should be."""

    code = "bad_setting"
