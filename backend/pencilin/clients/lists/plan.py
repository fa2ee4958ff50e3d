"""What an import will do with each line: the preview says it, and the import does it, by the same function."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from pencilin.clients.forms import ClientForm, Details, read_form
from pencilin.clients.importing import LONGEST_ID, known_by_id
from pencilin.clients.lists.guesses import FIELDS, Order, read_date, split_name
from pencilin.clients.lists.table import Table
from pencilin.errors import Invalid
from pencilin.models import Client, Practice
from pencilin.rules.spreadsheet import unescaped

Same = tuple[str, str, str, str]


class Outcome(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ON_FILE = "on_file"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is which field, by the number of the column from 0, and how the dates are written."""

    fields: Mapping[int, str]
    order: Order


@dataclass(frozen=True, slots=True)
class Planned:
    """One line: what will become of it, whom it is about, and why it is refused."""

    number: int
    outcome: Outcome
    name: str
    reason: str = ""
    details: Details | None = None
    external_id: str | None = None
    client: Client | None = None
    values: Mapping[str, Any] | None = None


def check_mapping(header: Sequence[str], fields: Mapping[int, str], order: Order) -> None:
    """Raises :class:`Invalid`, by the column (``column-3``) or for ``columns`` and ``dates``, where something lacks."""
    wrong: dict[str, str] = {}
    taken: dict[str, int] = {}
    for number, field in fields.items():
        if field in taken:
            wrong[f"column-{number}"] = f"“{header[taken[field]]}” is the {FIELDS[field].lower()} already."
        taken.setdefault(field, number)
    if "full_name" in taken and {"first_name", "last_name"} & taken.keys():
        wrong[f"column-{taken['full_name']}"] = "Leave this out: first and last name have columns of their own."
    elif "full_name" not in taken and not {"first_name", "last_name"} <= taken.keys():
        wrong["columns"] = "Choose which columns hold the first and the last name, or the full name."
    if "birth_date" in taken and order is Order.UNCLEAR:
        wrong["dates"] = "Choose how the dates are written."
    if wrong:
        raise Invalid(wrong)


def plan(
    session: Session,
    practice: Practice,
    table: Table,
    rows: Sequence[tuple[int, tuple[str, ...]]],
    columns: Columns,
    seen: set[Same],
    today: date,
) -> Iterator[Planned]:
    """What becomes of these ``rows`` of the table, in their order.

    ``seen`` are those of earlier lines that have no id and aren't filed yet; it gets those of these.
    """
    read = [_read(practice, table, number, cells, columns, today) for number, cells in rows]
    by_id = next((column for column, field in columns.fields.items() if field == "external_id"), None)
    first_with = {} if by_id is None else table.first_with(by_id)
    known = known_by_id(session, practice, [one.external_id for one in read if one.external_id])
    on_file = _on_file(session, practice, [one.details for one in read if one.details and not one.external_id])
    for one in read:
        if one.outcome is Outcome.REFUSED or one.details is None:
            yield one
            continue
        if one.external_id and first_with[one.external_id] != one.number:
            reason = f"Line {first_with[one.external_id]} has the same number. Give each client one of their own."
            yield Planned(one.number, Outcome.REFUSED, one.name, reason)
        elif one.external_id and one.external_id in known:
            client = known[one.external_id]
            values = {name: value for name, value in asdict(one.details).items() if value is not None}
            values["archived_at"] = None
            changed = any(getattr(client, name) != value for name, value in values.items())
            outcome = Outcome.UPDATED if changed else Outcome.UNCHANGED
            yield Planned(one.number, outcome, one.name, client=client, values=values)
        elif not one.external_id and (_same(one.details) in on_file or _same(one.details) in seen):
            yield Planned(one.number, Outcome.ON_FILE, one.name)
        else:
            if not one.external_id:
                seen.add(_same(one.details))
            yield one


def _read(
    practice: Practice, table: Table, number: int, cells: tuple[str, ...], columns: Columns, today: date
) -> Planned:
    if len(cells) != len(table.header) and any(cell.strip() for cell in cells[len(table.header) :]):
        reason = f"Has {len(cells)} cells where there are {len(table.header)} columns. Check its quotes."
        return Planned(number, Outcome.REFUSED, "", reason)
    given = {field: unescaped(cells[column].strip()) for column, field in columns.fields.items() if column < len(cells)}
    wrong: dict[str, str] = {}
    if "full_name" in given:
        given["first_name"], given["last_name"] = split_name(given.pop("full_name"))
    name = f"{given.get('first_name', '')} {given.get('last_name', '')}".strip()
    external_id = given.pop("external_id", "")
    if len(external_id) > LONGEST_ID or not external_id.isprintable():
        wrong["external_id"] = f"Enter at most {LONGEST_ID} characters in one line."
    if given.get("birth_date"):
        try:
            given["birth_date"] = read_date(given["birth_date"], columns.order, today)
        except ValueError as error:
            wrong["birth_date"] = str(error)
            given["birth_date"] = ""
    try:
        details = read_form(ClientForm(**given), practice.country, today)
    except Invalid as error:
        wrong = error.fields | wrong
    if wrong:
        reason = " ".join(f"{FIELDS[field]}: {why}" for field, why in wrong.items())
        return Planned(number, Outcome.REFUSED, name, reason)
    return Planned(number, Outcome.NEW, name, details=details, external_id=external_id or None)


def _same(details: Details) -> Same:
    """What must all agree for a line without an id to be one that was filed before."""
    born = details.birth_date.isoformat() if details.birth_date else ""
    return details.first_name, details.last_name, details.email or "", born


def _on_file(session: Session, practice: Practice, wanted: Iterable[Details]) -> set[Same]:
    names = sorted({details.last_name for details in wanted})
    found: set[Same] = set()
    for start in range(0, len(names), 500):
        rows = session.execute(
            select(col(Client.first_name), col(Client.last_name), col(Client.email), col(Client.birth_date)).where(
                col(Client.practice_id) == practice.id,
                col(Client.last_name).in_(names[start : start + 500]),
                col(Client.archived_at).is_(None),
            )
        )
        found |= {(first, last, email or "", born.isoformat() if born else "") for first, last, email, born in rows}
    return found
