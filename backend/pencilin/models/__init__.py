"""The shapes that are stored. Import every model here, so that one import knows the whole schema."""

from pencilin.models.account import (
    Account,
    BookingMail,
    Bucket,
    HearsOf,
    RecoveryCode,
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
from pencilin.models.client import Client, ClientImport, ClientKey, ClientMerge, Disclosure, Link, LinkedAs
from pencilin.models.outbox import ActorKind, AuditEntry, Outbox
from pencilin.models.practice import Closure, Location, LocationKind, Practice, PracticeLogo, SetUpToken
from pencilin.models.practitioner import (
    Override,
    OverrideLocation,
    Practitioner,
    TimeOff,
    WorkingHours,
    WorkingHoursLocation,
)
from pencilin.models.service import Approval, BookableBy, Service, ServiceLocation, ServicePractitioner
from pencilin.models.website import Sighting, WebmasterLink

__all__ = [
    "Account",
    "ActorKind",
    "Appointment",
    "Approval",
    "AuditEntry",
    "BookableBy",
    "BookedBy",
    "BookingMail",
    "Bucket",
    "Claim",
    "Client",
    "ClientImport",
    "ClientKey",
    "ClientMerge",
    "Closure",
    "Disclosure",
    "HearsOf",
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
    "PracticeLogo",
    "Practitioner",
    "RecoveryCode",
    "RememberedDevice",
    "Reservation",
    "Role",
    "Service",
    "ServiceLocation",
    "ServicePractitioner",
    "SetUpToken",
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
