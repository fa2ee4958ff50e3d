"""The shapes that are stored. Import every model here, so that one import knows the whole schema."""

from pencilin.models.account import (
    Account,
    Bucket,
    RememberedDevice,
    Role,
    SignedIn,
    SignInCode,
    Staff,
)
from pencilin.models.appointment import (
    Appointment,
    BookedBy,
    Claim,
    IdempotencyKey,
    Reservation,
    TentativeClient,
)
from pencilin.models.base import OfPractice, UTCDateTime, new_id
from pencilin.models.client import Client, ClientKey, Link, LinkedAs
from pencilin.models.outbox import ActorKind, AuditEntry, Outbox
from pencilin.models.practice import Closure, Location, LocationKind, Practice
from pencilin.models.practitioner import (
    Override,
    OverrideLocation,
    Practitioner,
    TimeOff,
    WorkingHours,
    WorkingHoursLocation,
)
from pencilin.models.service import BookableBy, Service, ServiceLocation, ServicePractitioner
from pencilin.models.website import Sighting, WebmasterLink

__all__ = [
    "Account",
    "ActorKind",
    "Appointment",
    "AuditEntry",
    "BookableBy",
    "BookedBy",
    "Bucket",
    "Claim",
    "Client",
    "ClientKey",
    "Closure",
    "IdempotencyKey",
    "Link",
    "LinkedAs",
    "Location",
    "LocationKind",
    "OfPractice",
    "Outbox",
    "Override",
    "OverrideLocation",
    "Practice",
    "Practitioner",
    "RememberedDevice",
    "Reservation",
    "Role",
    "Service",
    "ServiceLocation",
    "ServicePractitioner",
    "Sighting",
    "SignInCode",
    "SignedIn",
    "Staff",
    "TentativeClient",
    "TimeOff",
    "UTCDateTime",
    "WebmasterLink",
    "WorkingHours",
    "WorkingHoursLocation",
    "new_id",
]
