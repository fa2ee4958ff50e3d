"""Settings → Activity: who did what, when; filtered, and as a file."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.responses import Response, StreamingResponse

from pencilin import activity, i18n
from pencilin.accounts import staffing
from pencilin.activity import BATCH, NAMED, PAGE, After, Alive, Filters
from pencilin.errors import Invalid
from pencilin.models import ActorKind, AuditEntry
from pencilin.review.words import label
from pencilin.rules.spreadsheet import csv_lines
from pencilin.web.dashboard.activity_words import ACTIONS, words
from pencilin.web.dashboard.moments import day_in
from pencilin.web.dashboard.settings import ACTIVITY, show_settings
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

FIELDS = ("person", "action", "since", "until", "subject")
KINDS = {
    "activity": "Activity",
    "appointment": "Appointments",
    "client": "Clients",
    "mail": "Mails",
    "practice": "Practice and settings",
    "staff": "Staff",
    "webmaster_link": "Website",
}
SUBJECTS = {"appointment": "Appointment", "client": "Client file", "staff": "Staff member", "mail": "Appointment"}
NOBODY = {ActorKind.CLIENT: "A client", ActorKind.SYSTEM: "Pencilin"}
HEADER = ("Time", "Who", "What", "Fields", "Action", "About", "Id")
ID = re.compile(r"[0-9a-f]{1,32}")


def lead_back(call: StaffCall) -> Response:
    """``GET`` of the export, which is asked for by a form: to the page."""
    return see_other(ACTIVITY.address)


def activity_page(call: StaffCall) -> Response:
    """``GET /settings/activity?person=&action=&since=&until=&subject=&after=``"""
    given = _given(call.request.query_params)
    try:
        filters = _filters(given)
    except Invalid as error:
        return _page(call, given, Filters(), wrong=error.fields)
    return _page(call, given, filters, after=_after(call.request.query_params.get("after", "")))


def export(call: StaffCall) -> Response:
    """``POST /settings/activity/export``: all that fits the filters, as CSV. Is itself written down first."""
    given = _given({name: call.field(name) for name in FIELDS})
    try:
        filters = _filters(given)
    except Invalid as error:
        return _page(call, given, Filters(), wrong=error.fields)
    call.server.database.write(lambda session, now: activity.record_export(session, call.staff, filters, now))
    today = day_in(call.server.database.clock(), call.practice.timezone)
    named = {"Content-Disposition": f'attachment; filename="activity-{today.isoformat()}.csv"'}
    lines = csv_lines(HEADER, _exported(call, filters))
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=named)


def _exported(call: StaffCall, filters: Filters) -> Iterator[tuple[str, ...]]:
    zone = call.practice.timezone
    after: After | None = None
    while True:
        with call.server.database.read() as session:
            batch = activity.entries(session, call.practice.id, zone, filters, after, BATCH)
            alive = activity.alive(session, call.practice.id, batch)
        for entry in batch:
            at = entry.at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
            changed = ", ".join(label(field) for field in entry.fields)
            about = (entry.subject_kind, entry.subject_id)
            yield (at, _who(entry, alive), words(entry.action), changed, entry.action, *about)
        if len(batch) < BATCH:
            return
        after = After(batch[-1].at, batch[-1].id)


def _page(
    call: StaffCall,
    given: Mapping[str, str],
    filters: Filters,
    *,
    after: After | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    practice = call.practice
    with call.server.database.read() as session:
        found = activity.entries(session, practice.id, practice.timezone, filters, after, PAGE + 1)
        alive = activity.alive(session, practice.id, found)
        people = {one.staff.id: one.staff.name for one in staffing.members(session, practice.id)}
    shown = [] if wrong else found[:PAGE]
    older = urlencode(_set(given) | {"after": _mark(shown[-1])}) if shown and len(found) > PAGE else ""
    return show_settings(
        call,
        "activity.html",
        ACTIVITY,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        zone=i18n.zone_city(practice.timezone, practice.staff_locale),
        rows=[_row(call, entry, alive) for entry in shown],
        given=given,
        filtered=bool(_set(given)),
        wrong=wrong or {},
        people=people,
        kinds=_kinds(),
        older=older,
        newest=urlencode(_set(given)) if after else None,
        subject=_subject(given["subject"], shown),
    )


def _row(call: StaffCall, entry: AuditEntry, alive: Alive) -> dict[str, str]:
    return {
        "at": i18n.dated_time(entry.at, call.practice.timezone, call.practice.staff_locale),
        "who": _who(entry, alive),
        "what": words(entry.action),
        "fields": ", ".join(label(field) for field in entry.fields),
        "subject": _named(entry, alive),
        "link": _link(entry, alive),
    }


def _who(entry: AuditEntry, alive: Alive) -> str:
    return NOBODY.get(entry.actor) or alive.staff.get(entry.staff_id or "", "A former staff member")


def _named(entry: AuditEntry, alive: Alive) -> str:
    if entry.subject_kind == "staff":
        return alive.staff.get(entry.subject_id, "")
    if entry.subject_kind in NAMED:
        return alive.named.get(entry.subject_id, "")
    reference = alive.appointments.get(entry.subject_id, "")
    return f"{SUBJECTS.get(entry.subject_kind, '')} {reference}".strip()


def _link(entry: AuditEntry, alive: Alive) -> str:
    """The address of what an entry is about, while it is there to be looked at."""
    if entry.subject_id in alive.appointments:
        return f"/appointments/{entry.subject_id}"
    if entry.subject_kind == "client" and entry.subject_id in alive.clients:
        return f"/clients/{entry.subject_id}"
    if entry.subject_kind == "staff" and entry.subject_id in alive.staff:
        return f"/settings/staff/{entry.subject_id}"
    if entry.subject_id in alive.named and entry.subject_kind != "closure":
        return f"/settings/{entry.subject_kind}s/{entry.subject_id}"
    return ""


def _subject(subject: str, shown: list[AuditEntry]) -> str:
    """What the one row is that the page is about, if it is about one."""
    kind = next((entry.subject_kind for entry in shown), "") if subject else ""
    return {"appointment": "one appointment", "client": "one client", "staff": "one staff member"}.get(kind, "one row")


def _kinds() -> dict[str, dict[str, str]]:
    """The actions by what they are done to, for a select."""
    grouped: dict[str, dict[str, str]] = {}
    for action, told in ACTIONS.items():
        kind = action.partition(".")[0]
        grouped.setdefault(KINDS.get(kind, kind.replace("_", " ").capitalize()), {})[action] = told
    return dict(sorted(grouped.items()))


def _given(query: Mapping[str, str]) -> dict[str, str]:
    return {name: query.get(name, "").strip() for name in FIELDS}


def _set(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _filters(given: Mapping[str, str]) -> Filters:
    """Raises :class:`Invalid` naming the field."""
    wrong: dict[str, str] = {}
    dates: dict[str, date | None] = {"since": None, "until": None}
    for name in dates:
        try:
            dates[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            wrong[name] = "Enter a date, like 2026-11-24."
    if not wrong and dates["since"] and dates["until"] and dates["until"] < dates["since"]:
        wrong["until"] = "Choose a day that isn’t before the first."
    for name in ("person", "subject"):
        if given[name] and not ID.fullmatch(given[name]):
            wrong[name] = "There is nothing like this. Choose again."
    if wrong:
        raise Invalid(wrong)
    return Filters(given["person"], given["action"][:60], dates["since"], dates["until"], given["subject"])


def _mark(entry: AuditEntry) -> str:
    return f"{entry.at.isoformat()}~{entry.id}"


def _after(mark: str) -> After | None:
    """Where to go on; from the newest for a mark that nobody made."""
    at, _, entry_id = mark.partition("~")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return None
    return After(instant, entry_id) if instant.tzinfo and ID.fullmatch(entry_id) else None
