"""Client files from a CSV file: all of it or nothing, and every refused line with its reason."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from pencilin import audit
from pencilin.clients.files import of_merge, rewrite, write_keys
from pencilin.clients.forms import ClientForm, Details, read_form, today_of
from pencilin.errors import Invalid
from pencilin.models import ActorKind, Client, Practice, Staff, new_id
from pencilin.rules.spreadsheet import unescaped

REQUIRED = ("first_name", "last_name", "email", "phone", "birth_date")
OPTIONAL = ("external_id", "notes")
HEADER = f"{','.join(REQUIRED)}[,{','.join(OPTIONAL)}]"
LONGEST_ID = 200
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What an import did to how many files."""

    created: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Line:
    """One accepted line of the file."""

    number: int
    details: Details
    external_id: str | None


def import_csv(session: Session, practice: Practice, text: Iterable[str], now: datetime) -> ImportCounts:
    """Reads lines of CSV and files them; dates are ISO, phone numbers without country are of the practice's.

    A line whose ``external_id`` is filed already updates that file; its empty fields leave what is filed, and a file
    that was archived is in use again. Raises
    :class:`Invalid`, whose ``fields`` map each refused line (*line 3*) to its reason, before anything is written.
    """
    wrong: dict[str, str] = {}
    lines = list(_lines(text, practice, now, wrong))
    if wrong:
        refused = "1 line was refused" if len(wrong) == 1 else f"{len(wrong)} lines were refused"
        raise Invalid(wrong, f"{refused}, so nothing was imported.")
    known = known_by_id(session, practice, [line.external_id for line in lines if line.external_id])
    fresh: list[Client] = []
    updated = unchanged = 0
    for line in lines:
        client = known.get(line.external_id or "")
        if client is None:
            fresh.append(_new(practice, line, now))
            continue
        values = {field: value for field, value in asdict(line.details).items() if value is not None}
        if rewrite(session, practice, client, values | {"archived_at": None}, ActorKind.SYSTEM, now):
            updated += 1
        else:
            unchanged += 1
    for start in range(0, len(fresh), AT_ONCE):
        file_new(session, practice, fresh[start : start + AT_ONCE], now)
    return ImportCounts(len(fresh), updated, unchanged)


def _lines(text: Iterable[str], practice: Practice, now: datetime, wrong: dict[str, str]) -> Iterator[Line]:
    reader = csv.reader(_without_mark(text), strict=True)
    header = _header(reader)
    today = today_of(practice, now)
    first_with: dict[str, int] = {}
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            # Where quotes don't match, no later line can be told from this one.
            wrong[f"line {number}"] = f"can't be read as CSV ({error}). Check quotes and commas."
            return
        if cells is None:
            return
        if not any(cell.strip() for cell in cells):
            continue
        try:
            line = _line(number, dict(zip(header, map(unescaped, cells), strict=True)), practice, today)
        except Invalid as error:
            wrong[f"line {number}"] = " ".join(f"{field}: {reason}" for field, reason in error.fields.items())
            continue
        except ValueError:
            wrong[f"line {number}"] = f"has {len(cells)} fields instead of {len(header)}. Check quotes and commas."
            continue
        if line.external_id:
            first = first_with.setdefault(line.external_id, number)
            if first != number:
                wrong[f"line {number}"] = f"external_id: Line {first} has the same one. Give each client its own."
                continue
        yield line


def _line(number: int, cells: dict[str, str], practice: Practice, today: date) -> Line:
    external_id = cells.pop("external_id", "").strip()
    wrong: dict[str, str] = {}
    if len(external_id) > LONGEST_ID or not external_id.isprintable():
        wrong["external_id"] = f"Enter at most {LONGEST_ID} characters in one line."
    try:
        details = read_form(ClientForm(**cells), practice.country, today)
    except Invalid as error:
        raise Invalid(error.fields | wrong) from None
    if wrong:
        raise Invalid(wrong)
    return Line(number, details, external_id or None)


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error:
        names = []
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in REQUIRED + OPTIONAL]
    if missing or unknown or len(set(names)) != len(names):
        reason = f"should be {HEADER}."
        if missing:
            reason += f" Missing: {', '.join(missing)}."
        if unknown:
            reason += f" Unknown: {', '.join(unknown)}."
        raise Invalid({"line 1": reason}, "The first line doesn't name the columns, so nothing was imported.")
    return names


def _without_mark(text: Iterable[str]) -> Iterator[str]:
    """The lines, without the byte order mark that spreadsheets put before the first."""
    for number, line in enumerate(text):
        yield line if number else line.removeprefix("\ufeff")


def known_by_id(session: Session, practice: Practice, external_ids: list[str]) -> dict[str, Client]:
    """The clients of the practice that have these ids already, by id; of a merged file, the one that it is part of."""
    found: dict[str, Client] = {}
    for start in range(0, len(external_ids), AT_ONCE):
        some = external_ids[start : start + AT_ONCE]
        rows = session.exec(select(Client).where(Client.practice_id == practice.id, col(Client.external_id).in_(some)))
        found.update((client.external_id or "", _in_use(session, client)) for client in rows.all())
    return found


def _in_use(session: Session, client: Client) -> Client:
    while client.archived_at and (merge := session.exec(of_merge(client.practice_id, client.id)).first()):
        client = session.get_one(Client, (client.practice_id, merge.kept_id))
    return client


def _new(practice: Practice, line: Line, now: datetime) -> Client:
    return Client(
        practice_id=practice.id,
        id=new_id(),
        **asdict(line.details),
        external_id=line.external_id,
        created_at=now,
        updated_at=now,
    )


def file_new(
    session: Session,
    practice: Practice,
    clients: list[Client],
    now: datetime,
    actor: Staff | ActorKind = ActorKind.SYSTEM,
) -> None:
    """Writes files that are new, with their keys and audit entries."""
    session.add_all(clients)
    session.flush()
    write_keys(session, practice, clients)
    for client in clients:
        audit.record(session, now, practice.id, actor, "client.imported", "client", client.id)
    session.flush()
