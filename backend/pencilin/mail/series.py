"""One mail about several appointments: all their dates, and once with whom and where, as long as that is the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from pencilin.mail.messages import Kind
from pencilin.mail.visit_words import Words, words
from pencilin.mail.visits import Visit

# Kinds of which several may leave as one mail, for which they have a template and words of their own.
SERIES = {Kind.CONFIRMED: "confirmed_series", Kind.CANCELLED: "cancelled_series"}


@dataclass(slots=True)
class Block:
    """Dates that have practitioner, place and the way there in common, as ``visit`` and ``words`` tell them.

    Each of ``dates`` is said by its words, and leads to its own page where it has an address.
    """

    visit: Visit
    words: Words
    dates: list[tuple[Words, str | None]]


def blocks(visits: Iterable[tuple[Visit, str | None]], locale: str, *, tell_call: bool) -> list[Block]:
    """The visits with their addresses, in order, those that follow each other at one place in one block."""
    found: list[Block] = []
    for visit, url in visits:
        said = words(visit, locale, promise_link=False, tell_call=tell_call)
        if not found or _where(found[-1].visit, found[-1].words) != _where(visit, said):
            found.append(Block(visit, said, []))
        found[-1].dates.append((said, url))
    return found


def _where(visit: Visit, said: Words) -> tuple[str | None, ...]:
    return visit.practitioner, visit.location, visit.join_url, said.way
