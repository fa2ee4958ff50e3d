"""An uploaded list on its way to becoming files: staged, understood, looked at, confirmed, and then filed in batches.

Nothing is filed before somebody confirms what the preview shows. Each batch is one transaction with the count of lines
that are done, so whoever goes on with it after a crash begins where it stopped, and two never file the same line.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, inspect
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select, update

from pencilin import audit
from pencilin.clients.files import rewrite
from pencilin.clients.forms import today_of
from pencilin.clients.importing import file_new
from pencilin.clients.lists.guesses import Order, date_order, guess
from pencilin.clients.lists.plan import Columns, Outcome, Planned, check_mapping, plan
from pencilin.clients.lists.table import Table, read_table
from pencilin.errors import Conflict, NotFound
from pencilin.models import Client, ClientImport, Practice, Staff, new_id

# Whoever books meanwhile waits for no longer than such a batch takes.
BATCH = 250
# An upload that nobody confirms holds personal data for nothing.
KEPT = timedelta(hours=24)
DATES = "dates"
SAMPLES = 3
# Megabytes, which a page that tells the progress has no use for. It is read where it is asked for.
WITHOUT_CONTENT = defer(inspect(ClientImport).attrs.content.class_attribute)


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page tells of a list, without reading it again: of each column the name, the first different cells, and
    how its dates would be read. ``broken`` as in :class:`Table`."""

    header: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    orders: tuple[Order, ...]
    broken: int


def stage(session: Session, staff: Staff, content: bytes, now: datetime) -> ClientImport:
    """Keeps an uploaded file, with what its columns may be. Raises :class:`Invalid` for the field ``file``."""
    table = read_table(content)
    fields = guess(table)
    outline = _outlined(table)
    row = ClientImport(
        practice_id=staff.practice_id,
        id=new_id(),
        staff_id=staff.id,
        content=content,
        outline=asdict(outline),
        mapping=_stored(fields, _order(outline, fields)),
        total=len(table.rows),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, staff: Staff, import_id: str, *, lock: bool = False) -> ClientImport:
    """An import of the staff member's practice; raises :class:`NotFound`. ``lock``: nobody changes it meanwhile."""
    row = None
    if import_id.isalnum():
        key, locked = (staff.practice_id, import_id), {"key_share": True} if lock else None
        row = session.get(ClientImport, key, options=[WITHOUT_CONTENT], with_for_update=locked)
    if row is None:
        raise NotFound("There is no such import, or it was given up.")
    return row


def earlier(session: Session, practice_id: str) -> list[ClientImport]:
    """The imports of the practice, the latest first; at most twenty."""
    rows = session.exec(
        select(ClientImport)
        .where(ClientImport.practice_id == practice_id)
        .order_by(col(ClientImport.created_at).desc())
        .limit(20)
        .options(WITHOUT_CONTENT)
    )
    return list(rows)


def table_of(row: ClientImport) -> Table:
    """The staged table; raises :class:`Conflict` once it was filed."""
    if row.content is None:
        raise Conflict("This list was imported already.")
    return read_table(row.content)


def outline_of(row: ClientImport) -> Outline:
    """What is known of the staged list; raises :class:`Conflict` once it was filed."""
    if row.finished_at is not None:
        raise Conflict("This list was imported already.")
    told = row.outline
    orders = tuple(Order(one) for one in told["orders"])
    return Outline(tuple(told["header"]), tuple(tuple(some) for some in told["samples"]), orders, told["broken"])


def columns_of(row: ClientImport) -> Columns:
    """Which column is which field, as far as it was chosen."""
    fields = {int(number): field for number, field in row.mapping.items() if number != DATES}
    return Columns(fields, Order(row.mapping.get(DATES, Order.ISO)))


def choose(session: Session, staff: Staff, import_id: str, fields: Mapping[int, str], order: Order | None) -> None:
    """Keeps which column is which field, and how dates are written where they don't tell by themselves.

    Raises :class:`Invalid`, and keeps what was chosen only when it can be imported.
    """
    row = unconfirmed(session, staff, import_id)
    outline = outline_of(row)
    fields = {number: field for number, field in fields.items() if number < len(outline.header)}
    told = _order(outline, fields)
    decided = (order or told) if told is Order.UNCLEAR else told
    check_mapping(outline.header, fields, decided)
    row.mapping = _stored(fields, decided)
    forget_preview(row)


def confirm(session: Session, staff: Staff, import_id: str, seen: datetime | None, now: datetime) -> None:
    """Begins to file the list. ``seen``: of when the preview is that was looked at.

    Raises :class:`Conflict` for everybody but the first, and where something else would happen than was seen: because
    the columns were chosen anew, or because a client's file was changed since.
    """
    row = unconfirmed(session, staff, import_id)
    if row.previewed_at is None or row.previewed_at != seen:
        raise Conflict("The columns were chosen anew since you looked. Please look again, then confirm.")
    files = select(Client.id).where(Client.practice_id == staff.practice_id, col(Client.updated_at) > seen).limit(1)
    if session.exec(files).first() is not None:
        raise Conflict("Clients' files were changed since you looked. Please look again, then confirm.")
    row.confirmed_at, row.staff_id = now, staff.id
    audit.record(session, now, staff.practice_id, staff, "clients.import_confirmed", "import", import_id)


def abandon(session: Session, staff: Staff, import_id: str) -> None:
    """Forgets a list that wasn't confirmed."""
    session.delete(unconfirmed(session, staff, import_id))


def go_on(session: Session, practice_id: str, import_id: str, now: datetime, table: Table | None = None) -> bool:
    """Files the next lines of a confirmed list; whether there are more. Two who go on at once file no line twice.

    ``table`` is the staged one, for whoever has read it already.
    """
    key, locked = (practice_id, import_id), {"key_share": True}
    row = session.get(ClientImport, key, options=[WITHOUT_CONTENT], with_for_update=locked)
    if row is None or row.confirmed_at is None or row.finished_at is not None:
        return False
    table, columns = table or table_of(row), columns_of(row)
    practice = session.get_one(Practice, practice_id)
    actor = session.get_one(Staff, (practice_id, row.staff_id))
    today = today_of(practice, now)
    counts = Counter(row.counts)
    some = table.rows[row.done : row.done + BATCH]
    planned = list(plan(session, practice, table, some, columns, set(), today))
    fresh: list[Client] = []
    for one in planned:
        counts[one.outcome.value] += 1
        if one.outcome is Outcome.NEW and one.details:
            fresh.append(_file(practice, one, now))
        elif one.outcome is Outcome.UPDATED and one.client and one.values:
            rewrite(session, practice, one.client, dict(one.values), actor, now)
    file_new(session, practice, fresh, now, actor)
    row.done += len(planned)
    row.counts = dict(counts)
    if row.done >= len(table.rows):
        row.finished_at = now
        row.content = None
        row.outline = {}
        forget_preview(row)
        audit.record(session, now, practice_id, actor, "clients.imported", "import", import_id)
    return row.finished_at is None


def resume(session: Session, now: datetime) -> int:
    """Goes on with a list that was confirmed and whose process ended; how many batches were filed."""
    stuck = session.exec(
        select(ClientImport.practice_id, ClientImport.id)
        .where(
            col(ClientImport.confirmed_at) < now - timedelta(minutes=1),
            col(ClientImport.finished_at).is_(None),
        )
        .order_by(col(ClientImport.confirmed_at))
        .limit(1)
    ).first()
    if stuck is None:
        return 0
    go_on(session, *stuck, now)
    return 1


def forget_old(session: Session, now: datetime) -> None:
    """Deletes lists that nobody confirmed within a day, of every practice.

    Of those that were confirmed but couldn't be filed to the end for as long, only what was filed is left.
    """
    session.execute(
        delete(ClientImport).where(col(ClientImport.confirmed_at).is_(None), col(ClientImport.created_at) < now - KEPT)
    )
    session.execute(
        update(ClientImport)
        .where(col(ClientImport.confirmed_at) < now - KEPT, col(ClientImport.finished_at).is_(None))
        .values(finished_at=now, content=None, outline={}, preview={}, previewed_at=None)
        .execution_options(synchronize_session=False)
    )


def forget_preview(row: ClientImport) -> None:
    """Forgets what importing the list would do, because that is no longer so."""
    row.preview, row.previewed_at = {}, None


def unconfirmed(session: Session, staff: Staff, import_id: str) -> ClientImport:
    """As :func:`find`, for a change; raises :class:`Conflict` once it was confirmed."""
    row = find(session, staff, import_id, lock=True)
    if row.confirmed_at is not None:
        raise Conflict("This list is being imported already.")
    return row


def _outlined(table: Table) -> Outline:
    columns = [table.column(number) for number in range(len(table.header))]
    samples = tuple(tuple(dict.fromkeys(cells))[:SAMPLES] for cells in columns)
    return Outline(table.header, samples, tuple(date_order(cells) for cells in columns), table.broken)


def _order(outline: Outline, fields: Mapping[int, str]) -> Order:
    number = next((number for number, field in fields.items() if field == "birth_date"), None)
    return Order.ISO if number is None else outline.orders[number]


def _stored(fields: Mapping[int, str], order: Order) -> dict[str, str]:
    return {str(number): field for number, field in fields.items() if field} | {DATES: order.value}


def _file(practice: Practice, one: Planned, now: datetime) -> Client:
    assert one.details is not None
    return Client(
        practice_id=practice.id,
        id=new_id(),
        **asdict(one.details),
        external_id=one.external_id,
        created_at=now,
        updated_at=now,
    )
