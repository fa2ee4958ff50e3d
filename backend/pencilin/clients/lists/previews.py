"""What importing a list would do: found out when its columns are known, and kept, for a list may have 100,000 lines."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from pencilin.clients.forms import today_of
from pencilin.clients.lists.plan import Outcome, Planned, Same, check_mapping, plan
from pencilin.clients.lists.staging import BATCH, columns_of, find, table_of, unconfirmed
from pencilin.models import ClientImport, Practice, Staff

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: how many lines of each outcome, and the first lines themselves."""

    counts: Mapping[Outcome, int]
    refused: tuple[Planned, ...]
    others: tuple[Planned, ...]

    @property
    def filed(self) -> int:
        """How many files it makes or changes."""
        return self.counts[Outcome.NEW] + self.counts[Outcome.UPDATED]


def preview(session: Session, staff: Staff, import_id: str, now: datetime) -> Preview:
    """What confirming would do. Raises :class:`Invalid` while the columns are not all known."""
    row = find(session, staff, import_id)
    table, columns = table_of(row), columns_of(row)
    check_mapping(table.header, columns.fields, columns.order)
    practice = session.get_one(Practice, staff.practice_id)
    counts: Counter[Outcome] = Counter()
    refused: list[Planned] = []
    others: list[Planned] = []
    seen: set[Same] = set()
    for start in range(0, len(table.rows), BATCH):
        some = table.rows[start : start + BATCH]
        for one in plan(session, practice, table, some, columns, seen, today_of(practice, now)):
            counts[one.outcome] += 1
            listed = refused if one.outcome is Outcome.REFUSED else others
            if len(listed) < MOST_SHOWN:
                listed.append(Planned(one.number, one.outcome, one.name, one.reason))
    return Preview(counts, tuple(refused), tuple(others))


def keep(
    session: Session, staff: Staff, import_id: str, found: Preview, mapping: Mapping[str, str], now: datetime
) -> None:
    """Keeps what was found for this ``mapping`` of columns, if it is still the chosen one.

    Raises :class:`Conflict` once the list was confirmed.
    """
    row = unconfirmed(session, staff, import_id)
    if row.mapping == mapping:
        row.preview = {
            "counts": {outcome.value: count for outcome, count in found.counts.items()},
            "lines": [(one.number, one.outcome.value, one.name, one.reason) for one in found.refused + found.others],
        }
        row.previewed_at = now


def kept(row: ClientImport) -> Preview | None:
    """What was kept, if anything was since the columns were chosen."""
    if row.previewed_at is None:
        return None
    lines = [Planned(number, Outcome(outcome), name, reason) for number, outcome, name, reason in row.preview["lines"]]
    return Preview(
        Counter({Outcome(outcome): count for outcome, count in row.preview["counts"].items()}),
        tuple(one for one in lines if one.outcome is Outcome.REFUSED),
        tuple(one for one in lines if one.outcome is not Outcome.REFUSED),
    )
