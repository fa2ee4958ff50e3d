"""Who signs in. An account is one per server; a staff member is its place in one practice.

These are the only tables whose keys do not begin with the practice, except ``staff``.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from pencilin.models.base import OfPractice, UTCDateTime, new_id, refers, words


class Role(StrEnum):
    """What a staff member may do, see ``accounts``."""

    MANAGER = "manager"
    FRONT_DESK = "front_desk"
    PRACTITIONER = "practitioner"


class BookingMail(StrEnum):
    """How often a staff member hears of new bookings."""

    EACH = "each"
    HOURLY = "hourly"
    DAILY = "daily"


class HearsOf(StrEnum):
    """Of which bookings a staff member hears; *usual* depends on the role, see ``mail.recipients``."""

    USUAL = "usual"
    OWN = "own"
    ALL = "all"
    NONE = "none"


class Account(SQLModel, table=True):
    """An email that signs in, stored casefolded. Without a password it signs in by emailed codes.

    The second factor counts once ``totp_confirmed_at`` is set; ``totp_counter`` is the last time step that was used, so
    that no code works twice.
    """

    __tablename__ = "account"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    email: str = Field(unique=True, max_length=320)
    password_hash: str | None = None
    totp_secret: str | None = None
    totp_confirmed_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    totp_counter: int = 0
    created_at: dt.datetime = Field(sa_type=UTCDateTime)


class RecoveryCode(SQLModel, table=True):
    """One of the codes that stand in for a lost second factor, each once. Kept as a keyed hash."""

    __tablename__ = "recovery_code"

    account_id: str = Field(primary_key=True, foreign_key="account.id", max_length=32)
    code_hash: str = Field(primary_key=True, max_length=64)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    used_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class Staff(OfPractice, table=True):
    """An account's place in a practice. A practitioner's role needs ``practitioner_id``."""

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("practice_id", "account_id"),
        refers("practitioner_id", "practitioner"),
    )

    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    name: str
    role: Role = Field(sa_column=words(Role))
    practitioner_id: str | None = Field(default=None, max_length=32)
    booking_mail: BookingMail = Field(default=BookingMail.EACH, sa_column=words(BookingMail))
    hears_of: HearsOf = Field(default=HearsOf.USUAL, sa_column=words(HearsOf))
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    disabled_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class SignedIn(SQLModel, table=True):
    """A session. ``id`` is the SHA-256 of the cookie's random value; the value itself is stored nowhere."""

    __tablename__ = "session"
    __table_args__ = (refers("staff_id", "staff", ondelete="CASCADE"),)

    id: str = Field(primary_key=True, max_length=64)
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    practice_id: str = Field(max_length=32)
    staff_id: str = Field(max_length=32)
    csrf_token: str
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    seen_at: dt.datetime = Field(sa_type=UTCDateTime)


class RememberedDevice(SQLModel, table=True):
    """A browser on which an account may go on with one press. ``id`` is the SHA-256 of its cookie."""

    __tablename__ = "remembered_device"

    id: str = Field(primary_key=True, max_length=64)
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    label: str
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    expires_at: dt.datetime = Field(sa_type=UTCDateTime)


class SignInCode(SQLModel, table=True):
    """A mailed six-digit code, bound to the browser that asked. Unknown addresses get a row, too, but no mail."""

    __tablename__ = "sign_in_code"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    browser: str = Field(index=True, max_length=64)
    email: str = Field(index=True, max_length=320)
    code_hash: str
    tries: int = 0
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    expires_at: dt.datetime = Field(sa_type=UTCDateTime)
    used_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class Bucket(SQLModel, table=True):
    """A rate counter. ``key`` is a keyed hash of what is counted, so that no address is stored."""

    __tablename__ = "bucket"

    key: str = Field(primary_key=True, max_length=64)
    tokens: float
    filled_at: dt.datetime = Field(sa_type=UTCDateTime)
