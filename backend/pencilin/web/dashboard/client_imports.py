"""Importing a list of clients: choose the file, say what its columns are, look at what will happen, and confirm."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile
from starlette.responses import Response

from pencilin import i18n
from pencilin.clients import lists
from pencilin.clients.lists import FIELDS, Order
from pencilin.clients.lists.plan import Outcome
from pencilin.clients.lists.staging import columns_of
from pencilin.clients.lists.table import LARGEST, TOO_LARGE
from pencilin.errors import Conflict, Invalid, Unavailable
from pencilin.models import ClientImport
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

ADDRESS = "/clients/imports"
# The file, and what a form sends around it.
LARGEST_UPLOAD = LARGEST + 64 * 1024
# What is posted. A page that refuses stands there, and may be loaded again.
POSTED = ("columns", "confirmation", "removal")
ORDERS = {Order.DAY_FIRST.value: "Day first: 24/3/1985", Order.MONTH_FIRST.value: "Month first: 3/24/1985"}
OUTCOMES = {
    Outcome.NEW: "new",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.ON_FILE: "on file already",
    Outcome.REFUSED: "left out",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list as the page shows it, with the field that it is taken for."""

    number: int
    name: str
    samples: tuple[str, ...]
    field: str
    wrong: str


def imports(call: StaffCall) -> Response:
    """``GET /clients/imports``: where a file is chosen, and the imports before."""
    return _upload(call)


def upload(call: StaffCall) -> Response:
    """``POST /clients/imports`` with ``file``"""
    sent = call.form.get("file")
    content = sent.file.read(LARGEST + 1) if isinstance(sent, UploadFile) else b""
    try:
        row = call.server.database.write(lambda session, now: lists.stage(session, call.staff, content, now))
    except Invalid as error:
        return _upload(call, HTTPStatus.UNPROCESSABLE_ENTITY, error.fields["file"])
    _look(call, row.id)
    return see_other(f"{ADDRESS}/{row.id}")


def client_import(call: StaffCall) -> Response:
    """``GET /clients/imports/{import}``: its columns and preview, its progress, or what it did."""
    return _show(call)


def choose_columns(call: StaffCall) -> Response:
    """``POST …/columns``: which column is which field, and how dates are written."""
    fields = _fields(call)
    order = Order(call.field("dates")) if call.field("dates") in ORDERS else None
    try:
        call.server.database.write(lambda session, _: lists.choose(session, call.staff, _id(call), fields, order))
    except Invalid as error:
        return _show(call, HTTPStatus.UNPROCESSABLE_ENTITY, fields, error)
    _look(call, _id(call))
    return see_other(f"{ADDRESS}/{_id(call)}#preview")


def confirm(call: StaffCall) -> Response:
    """``POST …/confirmation``: files what the preview shows; the page tells how far it is."""
    try:
        seen = datetime.fromisoformat(call.field("seen"))
    except ValueError:
        seen = None
    try:
        call.server.database.write(lambda session, now: lists.confirm(session, call.staff, _id(call), seen, now))
    except Conflict as error:
        _look(call, _id(call))
        return say(call, see_other(f"{ADDRESS}/{_id(call)}"), str(error))
    response = see_other(f"{ADDRESS}/{_id(call)}")
    response.background = BackgroundTask(_run, call)
    return response


def abandon(call: StaffCall) -> Response:
    """``POST …/removal``: forgets the uploaded file."""
    call.server.database.write(lambda session, _: lists.abandon(session, call.staff, _id(call)))
    return say(call, see_other(ADDRESS), "The list was forgotten; nothing was imported.")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of an address that only takes posts: to the import."""
    with call.server.database.read() as session:
        lists.find(session, call.staff, _id(call))
    return see_other(f"{ADDRESS}/{_id(call)}")


def _look(call: StaffCall, import_id: str) -> None:
    """Finds out what importing would do, as far as the columns are known, while others go on writing; and keeps it."""
    database = call.server.database
    now = database.clock()
    try:
        with database.read() as session:
            mapping = lists.find(session, call.staff, import_id).mapping
            found = lists.preview(session, call.staff, import_id, now)
        database.write(lambda session, _: lists.keep(session, call.staff, import_id, found, mapping, now))
    except (Invalid, Conflict, Unavailable):
        return  # it says so where it is shown, or can be asked for there


def _run(call: StaffCall) -> None:
    """Goes on until all is filed; where the process ends before, the worker of another one goes on."""
    database, practice_id, import_id = call.server.database, call.practice.id, _id(call)
    with database.read() as session:
        table = lists.table_of(lists.find(session, call.staff, import_id))
    while database.write(lambda session, now: lists.go_on(session, practice_id, import_id, now, table)):
        pass


def _id(call: StaffCall) -> str:
    return call.path("import")


def _fields(call: StaffCall) -> dict[int, str]:
    """The chosen fields by the number of their column."""
    chosen = {}
    for name, value in call.form.multi_items():
        number = name.removeprefix("column-")
        if name != number and number.isdecimal() and len(number) < 4 and value in FIELDS and value:
            chosen[int(number)] = str(value)
    return chosen


def _upload(call: StaffCall, status: int = HTTPStatus.OK, problem: str = "") -> Response:
    with call.server.database.read() as session:
        before = lists.earlier(session, call.practice.id)
    return show(
        call,
        "clients/imports.html",
        "clients",
        status=status,
        problem=problem,
        largest=LARGEST,
        too_large=TOO_LARGE,
        before=[(row, _when(call, row), _in_words(row)) for row in before],
    )


def _show(
    call: StaffCall, status: int = HTTPStatus.OK, fields: dict[int, str] | None = None, error: Invalid | None = None
) -> Response:
    with call.server.database.read() as session:
        row = lists.find(session, call.staff, _id(call))
        if row.confirmed_at is not None:
            return show(call, "clients/importing.html", "clients", row=row, words=_in_words(row), when=_when(call, row))
    outline, known = lists.outline_of(row), columns_of(row)
    chosen = known.fields if fields is None else fields
    wrong = error.fields if error else {}
    dates = next((number for number, field in chosen.items() if field == "birth_date"), None)
    return show(
        call,
        "clients/import.html",
        "clients",
        status=status,
        row=row,
        total=row.total,
        broken=outline.broken,
        columns=[
            Column(
                number,
                name or f"Column {number + 1}",
                outline.samples[number],
                chosen.get(number, ""),
                wrong.get(f"column-{number}", ""),
            )
            for number, name in enumerate(outline.header)
        ],
        fields=FIELDS,
        wrong=wrong,
        # Asked where the dates of the list can be read in two ways, whatever was chosen before.
        asks_order=dates is not None and outline.orders[dates : dates + 1] == (Order.UNCLEAR,),
        order=known.order.value,
        orders=ORDERS,
        preview=None if error else lists.kept(row),
        previewed=_at(call, row.previewed_at) if row.previewed_at else "",
        outcomes=OUTCOMES,
    )


def _when(call: StaffCall, row: ClientImport) -> str:
    return _at(call, row.created_at)


def _at(call: StaffCall, moment: datetime) -> str:
    return i18n.brief_time(moment, call.practice.timezone, call.practice.staff_locale)


def _in_words(row: ClientImport) -> str:
    """*980 new, 20 left out*."""
    told = [f"{row.counts[one]:,} {words}" for one, words in OUTCOMES.items() if row.counts.get(one)]
    if row.finished_at is not None:
        told += [f"{row.total - row.done:,} not imported"] if row.done < row.total else []
        return ", ".join(told) or "nothing to import"
    return f"{row.done:,} of {row.total:,} lines" if row.confirmed_at else "not confirmed yet"
