"""Two files side by side, merged field by field, and taken apart again."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from sqlmodel import Session
from starlette.responses import Response

from pencilin import clients as files
from pencilin.clients import Left, Notes
from pencilin.errors import Conflict, Invalid
from pencilin.models import Client, ClientMerge, Practice
from pencilin.review.words import label
from pencilin.web.dashboard.client_file import moved_to
from pencilin.web.dashboard.clients import about, birthday, full_name, on_day
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

MOST_FOUND = 20
LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "birth_date": "Date of birth",
    "email": "Email",
    "phone": "Phone",
    "external_id": "Number in your other system",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both files; ``chosen`` is *kept* or *merged*, and nothing is to be chosen where they agree."""

    field: str
    label: str
    kept: str
    merged: str
    chosen: str

    @property
    def same(self) -> bool:
        """Whether both files say the same."""
        return self.kept == self.merged


def search(call: StaffCall) -> Response:
    """``GET /clients/{client}/merge``, and ``POST`` with ``q``: which file to merge into this one."""
    client_id, text = call.path("client"), call.field("q")
    if kept := moved_to(call, client_id):
        return see_other(f"/clients/{kept}")
    with call.server.database.read() as session:
        client = files.find(session, call.staff, client_id)
        found = files.search(session, call.staff, text, MOST_FOUND) if text else []
    others = [(one, full_name(one), about(one, call.practice)) for one in found if one.id != client.id]
    return show(
        call, "clients/merge_search.html", "clients", client=client, name=full_name(client), text=text, others=others
    )


def compare(call: StaffCall) -> Response:
    """``GET /clients/{client}/merge/{other}``: both side by side."""
    return _page(call)


def merge(call: StaffCall) -> Response:
    """``POST /clients/{client}/merge/{other}``: the second becomes part of the first."""
    kept_id, merged_id = call.path("client"), call.path("other")
    taken = [field for field in LABELS if call.field(field) == "merged"]

    def work(session: Session, now: datetime) -> tuple[ClientMerge, str, int]:
        try:
            notes = Notes(call.field("notes") or Notes.BOTH)
        except ValueError:
            raise Invalid({"notes": "Choose whose notes to keep."}) from None
        merged = files.find(session, call.staff, merged_id)
        count = files.moving(session, call.staff, merged).appointments
        done = files.merge(session, call.staff, kept_id, merged_id, taken, notes, call.field("seen"), now)
        return done, full_name(merged), count

    try:
        done, name, count = call.server.database.write(work)
    except Conflict as error:
        return _page(call, str(error))
    moved = f"{count} appointment{'' if count == 1 else 's'} moved with it." if count else "It had no appointments."
    undo = Undo(f"/clients/{kept_id}/merges/{done.id}/undo")
    return say(call, see_other(f"/clients/{kept_id}"), f"The file of {name} is part of this one now. {moved}", undo)


def undo(call: StaffCall) -> Response:
    """``POST /clients/{client}/merges/{merge}/undo``"""
    kept_id = call.path("client")
    left = call.server.database.write(
        lambda session, now: files.undo_merge(session, call.staff, kept_id, call.path("merge"), now)
    )
    return say(call, see_other(f"/clients/{kept_id}"), f"The two files are apart again.{_left(left)}")


def _left(left: Left) -> str:
    """What stays, since somebody changed it after the merge."""
    words = [label(field) for field in left.fields]
    if left.appointments:
        words.append(f"{left.appointments} appointment{'' if left.appointments == 1 else 's'}")
    return f" Changed since, so left as it is: {', '.join(words)}." if words else ""


def _page(call: StaffCall, refused: str = "") -> Response:
    kept_id, merged_id = call.path("client"), call.path("other")
    for client_id in (merged_id, kept_id):
        if into := moved_to(call, client_id):
            return see_other(f"/clients/{into}")
    with call.server.database.read() as session:
        kept, merged = (files.find(session, call.staff, one) for one in (kept_id, merged_id))
        moving = files.moving(session, call.staff, merged)
    gone = next((one for one in (kept, merged) if one.archived_at is not None), None)
    if gone is not None:
        return say(call, see_other(f"/clients/{gone.id}"), "This file is archived. Restore it, then merge.")
    if kept.id == merged.id:
        return see_other(f"/clients/{kept.id}/merge")
    return show(
        call,
        "clients/merge.html",
        "clients",
        status=HTTPStatus.CONFLICT if refused else HTTPStatus.OK,
        kept=kept,
        merged=merged,
        kept_name=full_name(kept),
        merged_name=full_name(merged),
        rows=_rows(call, kept, merged),
        notes=call.field("notes") or Notes.BOTH.value,
        seen=files.seen(kept, merged),
        since=[on_day((one.created_at, call.practice.timezone), call.practice) for one in (kept, merged)],
        moving=moving,
        refused=refused,
    )


def _rows(call: StaffCall, kept: Client, merged: Client) -> list[Row]:
    """The fields; what one file lacks is taken from the other, unless staff chose already."""
    mine, theirs = _words(kept, call.practice), _words(merged, call.practice)
    return [
        Row(
            field,
            words,
            mine[field],
            theirs[field],
            call.field(field) or ("merged" if theirs[field] and not mine[field] else "kept"),
        )
        for field, words in LABELS.items()
        if mine[field] or theirs[field]
    ]


def _words(client: Client, practice: Practice) -> dict[str, str]:
    born: date | None = client.birth_date
    said = {field: text or "" for field, text in files.texts(client).items()}
    return said | {"birth_date": birthday(born, practice)}
