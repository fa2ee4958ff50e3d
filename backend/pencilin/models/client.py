"""Client files, the keys by which matching finds them, and staff's links to them."""

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from pencilin.models.base import OfPractice, UTCDateTime, refers, words


class Client(OfPractice, table=True):
    """A real file of the practice. Changed by staff only, field by field.

    ``saved_from`` is the appointment whose tentative client was saved as this one: unique, so that two presses of
    *Save As New Client* make one file. Of an erased client only the row is left, so that appointments still count
    somebody.
    """

    __tablename__ = "client"
    __table_args__ = (
        UniqueConstraint("practice_id", "external_id"),
        UniqueConstraint("practice_id", "saved_from"),
        Index("client_name", "practice_id", "last_name", "first_name"),
        Index("client_listed", "practice_id", "erased_at", "archived_at", "last_name", "first_name", "id"),
    )

    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    birth_date: dt.date | None = None
    external_id: str | None = None
    notes: str | None = None
    saved_from: str | None = Field(default=None, max_length=32)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    updated_at: dt.datetime = Field(sa_type=UTCDateTime)
    archived_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    erased_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


# Ranges of keys go by code points, whatever the language in which a PostgreSQL sorts.
_KEY = String(64).with_variant(String(64, collation="C"), "postgresql")


class ClientKey(SQLModel, table=True):
    """One of the keys of ``rules.matching.keys`` for one file: how candidates are found without a scan."""

    __tablename__ = "client_key"
    __table_args__ = (
        refers("client_id", "client", ondelete="CASCADE"),
        Index("client_key_client", "practice_id", "client_id"),
        {"sqlite_with_rowid": False},
    )

    practice_id: str = Field(primary_key=True, max_length=32)
    key: str = Field(sa_column=Column(_KEY, primary_key=True))
    client_id: str = Field(primary_key=True, max_length=32)


class PersonalLink(OfPractice, table=True):
    """A client's personal booking link: whoever books by it books as this client, until it is revoked.

    A table of its own, so that public pages can tell a good link from a bad one without reading a client's file.
    ``staff_id`` made it, and stands for what is linked and approved by it. ``paused_at`` says that the client's file is
    archived: restored, the link works again.
    """

    __tablename__ = "personal_link"
    __table_args__ = (
        refers("client_id", "client", ondelete="CASCADE"),
        refers("staff_id", "staff"),
        Index("personal_link_client", "practice_id", "client_id"),
    )

    client_id: str = Field(max_length=32)
    staff_id: str = Field(max_length=32)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    paused_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class LinkedAs(StrEnum):
    """Whether staff linked a file that existed or saved a new one."""

    EXISTING = "existing"
    NEW = "new"


class Link(OfPractice, table=True):
    """Staff's decision who a tentative client is, with the evidence that was shown. Undone, not deleted."""

    __tablename__ = "link"
    __table_args__ = (
        refers("appointment_id", "appointment", ondelete="CASCADE"),
        refers("client_id", "client"),
        refers("staff_id", "staff"),
        Index("link_appointment", "practice_id", "appointment_id"),
    )

    appointment_id: str = Field(max_length=32)
    client_id: str = Field(max_length=32)
    linked_as: LinkedAs = Field(sa_column=words(LinkedAs))
    evidence: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    staff_id: str = Field(max_length=32)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    removed_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class ClientMerge(OfPractice, table=True):
    """Two files that were made one: ``merged_id`` went into ``kept_id``.

    ``before`` and ``after`` hold what the kept file said and says where it changed, ``moved`` the appointments and
    personal links that changed hands: what it takes to undo it.
    """

    __tablename__ = "client_merge"
    __table_args__ = (
        refers("kept_id", "client", ondelete="CASCADE"),
        refers("merged_id", "client", ondelete="CASCADE"),
        refers("staff_id", "staff"),
        Index("client_merge_kept", "practice_id", "kept_id"),
        Index("client_merge_merged", "practice_id", "merged_id"),
    )

    kept_id: str = Field(max_length=32)
    merged_id: str = Field(max_length=32)
    before: dict[str, str | None] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    after: dict[str, str | None] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    moved: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    staff_id: str = Field(max_length=32)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    undone_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)


class DifferentPeople(SQLModel, table=True):
    """Two files that staff looked at and found to be of two people. ``one_id`` is the smaller id."""

    __tablename__ = "different_people"
    __table_args__ = (
        refers("one_id", "client", ondelete="CASCADE"),
        refers("other_id", "client", ondelete="CASCADE"),
        refers("staff_id", "staff"),
    )

    practice_id: str = Field(primary_key=True, max_length=32)
    one_id: str = Field(primary_key=True, max_length=32)
    other_id: str = Field(primary_key=True, max_length=32)
    staff_id: str = Field(max_length=32)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)


class Disclosure(OfPractice, table=True):
    """Mail about one client that may have reached another, because a link was wrong. Part of the client's file.

    ``mails`` are the ids of the mails in the outbox.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        refers("appointment_id", "appointment", ondelete="CASCADE"),
        refers("client_id", "client", ondelete="CASCADE"),
        refers("staff_id", "staff"),
        Index("disclosure_client", "practice_id", "client_id"),
    )

    appointment_id: str = Field(max_length=32)
    client_id: str = Field(max_length=32)
    mails: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    staff_id: str = Field(max_length=32)
    created_at: dt.datetime = Field(sa_type=UTCDateTime)


class ClientImport(OfPractice, table=True):
    """An uploaded list on its way to becoming files. Nothing is filed before ``confirmed_at``.

    ``content`` is erased once the import is done or given up, and so are ``outline``, what a page tells of its columns,
    and ``preview``, what importing it would do as the files were at ``previewed_at``. ``mapping`` says which column is
    which field; ``done`` of ``total`` lines are dealt with; ``counts`` says what became of them, by ``Outcome``.
    """

    __tablename__ = "client_import"
    __table_args__ = (refers("staff_id", "staff"),)

    staff_id: str = Field(max_length=32)
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    outline: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    preview: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    previewed_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    mapping: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    total: int = 0
    done: int = 0
    created_at: dt.datetime = Field(sa_type=UTCDateTime)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_at: dt.datetime | None = Field(default=None, sa_type=UTCDateTime)
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
