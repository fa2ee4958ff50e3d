"""Clients leave: the list as a table, all that is held of one client, and erasing one."""

import io
import json
import zipfile
from collections.abc import Iterator
from http import HTTPStatus

from starlette.responses import Response, StreamingResponse

from pencilin import clients as files
from pencilin import i18n
from pencilin.clients import Filters
from pencilin.errors import Conflict, Invalid
from pencilin.rules.spreadsheet import csv_lines
from pencilin.web.dashboard.clients import chosen_filters, full_name
from pencilin.web.dashboard.moments import day_in
from pencilin.web.dashboard.said import say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall


def export_list(call: StaffCall) -> Response:
    """``POST /clients/export``: whoever the filters leave, in the columns that the import reads. Written down first."""
    wanted = chosen_filters(call, call.form)
    call.server.database.write(lambda session, now: files.record_list(session, call.staff, now))
    today = day_in(call.server.database.clock(), call.practice.timezone)
    named = {"Content-Disposition": f'attachment; filename="clients-{today.isoformat()}.csv"'}
    lines = csv_lines(files.COLUMNS, _lines(call, wanted))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=named)


def lead_back(_: StaffCall) -> Response:
    """``GET`` of the export, which is asked for by a form: to the list."""
    return see_other("/clients")


def export_one(call: StaffCall) -> Response:
    """``POST /clients/{client}/export``: a ZIP file with all that is held, to be read by people and by programs."""
    client_id = call.path("client")
    held = call.server.database.write(lambda session, now: files.everything(session, call.staff, client_id, now))
    page = call.server.templates.get_template("dashboard/clients/held.html").render(
        held=held, practice=call.practice.name
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("client.json", json.dumps(held, ensure_ascii=False, indent=2))
        archive.writestr("client.html", page)
    # Without the name: files lie about in folders that others see.
    named = {"Content-Disposition": f'attachment; filename="client-{client_id[:8]}.zip"'}
    return Response(packed.getvalue(), media_type="application/zip", headers=named)


def erasure(call: StaffCall) -> Response:
    """``GET /clients/{client}/erasure``: what goes, what stays, and what is in the way."""
    return _erasure_page(call)


def erase(call: StaffCall) -> Response:
    """``POST /clients/{client}/erasure`` with the client's ``name``"""
    client_id, name = call.path("client"), call.field("name")
    try:
        call.server.database.write(lambda session, now: files.erase(session, call.staff, client_id, name, now))
    except (Invalid, Conflict) as error:
        wrong = error.fields.get("name", "") if isinstance(error, Invalid) else str(error)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, Invalid) else HTTPStatus.CONFLICT
        return _erasure_page(call, status, wrong)
    return say(call, see_other("/clients"), "The client is erased. Past appointments stay in the diary without a name.")


def _erasure_page(call: StaffCall, status: int = HTTPStatus.OK, wrong: str = "") -> Response:
    now, client_id = call.server.database.clock(), call.path("client")
    with call.server.database.read() as session:
        client = files.find(session, call.staff, client_id)
        coming = files.in_the_way(session, call.staff, client_id, now)
    return show(
        call,
        "clients/erasure.html",
        "clients",
        status=status,
        client=client,
        name=full_name(client),
        coming=[(one.id, i18n.brief_time(one.start, one.timezone, call.practice.staff_locale)) for one in coming],
        typed=call.field("name"),
        wrong=wrong,
    )


def _lines(call: StaffCall, wanted: Filters) -> Iterator[tuple[str | None, ...]]:
    after = ""
    while True:
        with call.server.database.read() as session:
            batch = files.export_rows(session, call.staff, wanted, after)
        yield from (line for _, line in batch)
        if not batch:
            return
        after = batch[-1][0]
