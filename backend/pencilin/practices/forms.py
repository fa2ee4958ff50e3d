"""What staff type into the settings' forms, checked by the shapes of the practice file: what one refuses, both do."""

import re
from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import AfterValidator, ValidationError
from sqlmodel import Session, SQLModel, select

from pencilin.errors import Invalid, NotFound
from pencilin.models import Closure, Location, Override, Practice, Practitioner, Service, Staff, TimeOff
from pencilin.practices import checks
from pencilin.practices.reading import in_words
from pencilin.practices.shapes import PracticeTable, Table

T = TypeVar("T", bound=Table)
Named = TypeVar("Named", Location, Service, Practitioner, Override, TimeOff, Closure)

_NUMBER = re.compile(r"[0-9]{1,9}")


class PracticeForm(PracticeTable):
    """The practice's own table, with the colour, which a file has no key for."""

    accent: Annotated[str, AfterValidator(checks.optional(checks.colour))] | None = None


def checked(shape: type[T], values: Mapping[str, object], context: str | None = None) -> T:
    """The checked values. Raises :class:`Invalid` with a sentence for each field that is wrong."""
    try:
        return shape.model_validate(values, context=context)
    except ValidationError as error:
        wrong: dict[str, str] = {}
        for one in error.errors(include_url=False, include_input=False):
            wrong.setdefault(str(one["loc"][0]) if one["loc"] else "", sentence(in_words(one)))
        raise Invalid(wrong) from None


def sentence(reason: str) -> str:
    """A reason as it stands beside a field: those for a line of a file have no subject."""
    return reason if reason[:1].isupper() else f"This {reason}."


def practice_of(session: Session, staff: Staff) -> Practice:
    """The practice, which nobody else changes until this transaction ends."""
    return session.get_one(Practice, staff.practice_id, with_for_update={"key_share": True})


def find(session: Session, kind: type[Named], staff: Staff, row_id: str) -> Named:
    """A row of the practice; raises :class:`NotFound`."""
    found = session.exec(select(kind).where(kind.practice_id == staff.practice_id, kind.id == row_id)).first()
    if found is None:
        raise NotFound
    return found


def one_of(session: Session, kind: type[Named], staff: Staff, row_id: str) -> Named:
    """The same, and nobody else changes it until this transaction ends."""
    row = find(session, kind, staff, row_id)
    session.refresh(row, with_for_update={"key_share": True})
    return row


def number(typed: str) -> int | str:
    """The number that was typed; anything else as it is, for :func:`checked` to refuse."""
    return int(typed) if _NUMBER.fullmatch(typed) else typed


def given(row: SQLModel, values: Mapping[str, object]) -> list[str]:
    """Gives the row these values; the names of those that are new to it."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
