"""Pairs of files that may be of one person: to be merged, or told apart for good."""

from dataclasses import dataclass

from starlette.responses import Response

from pencilin import clients as files
from pencilin.clients import Pair
from pencilin.web.dashboard.clients import about, full_name
from pencilin.web.dashboard.said import Undo, say
from pencilin.web.dashboard.shell import show
from pencilin.web.http import see_other
from pencilin.web.security import StaffCall

DUPLICATES = "/clients/duplicates"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files, in words."""

    client_id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as the page shows it."""

    sides: tuple[Side, Side]
    very_likely: bool
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    caution: str


def duplicates(call: StaffCall) -> Response:
    """``GET /clients/duplicates?after=ID``: some pairs, and where to look further."""
    after = call.request.query_params.get("after", "")
    after = after if after.isalnum() and len(after) <= 32 else ""
    with call.server.database.read() as session:
        page = files.find_pairs(session, call.staff, after)
    return show(
        call,
        "clients/duplicates.html",
        "clients",
        pairs=[_shown(call, one) for one in page.pairs],
        looked_at=page.looked_at,
        after=page.after,
        begun=bool(after),
    )


def tell_apart(call: StaffCall) -> Response:
    """``POST /clients/duplicates/dismissal`` with ``one`` and ``other``: those are different people."""
    one, other = call.field("one"), call.field("other")
    call.server.database.write(lambda session, now: files.tell_apart(session, call.staff, one, other, now))
    undo = Undo(f"{DUPLICATES}/return", {"one": one, "other": other})
    return say(call, see_other(DUPLICATES), "They are different people, and won’t be shown as a pair again.", undo)


def pair_again(call: StaffCall) -> Response:
    """``POST /clients/duplicates/return`` with ``one`` and ``other``: they may be one person after all."""
    one, other = call.field("one"), call.field("other")
    call.server.database.write(lambda session, now: files.pair_again(session, call.staff, one, other, now))
    return say(call, see_other(DUPLICATES), "They are shown as a pair again.")


def lead_back(_: StaffCall) -> Response:
    """``GET`` of an address that only takes posts, as it stands there after a refused one."""
    return see_other(DUPLICATES)


def _shown(call: StaffCall, pair: Pair) -> Shown:
    one, other = (Side(client.id, full_name(client), about(client, call.practice)) for client in (pair.one, pair.other))
    return Shown((one, other), pair.very_likely, _begun(pair.agrees), _begun(pair.differs), pair.caution or "")


def _begun(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one[:1].upper() + one[1:] for one in words)
