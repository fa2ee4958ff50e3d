"""*Only these sites*: which websites may show the form. A practice that lists none leaves it to everybody.

A site is an origin like ``https://www.willow.example``. It counts with and without ``www.``: practices list either,
and visitors come to both.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from pencilin import audit
from pencilin.errors import Invalid
from pencilin.models import Practice, Staff
from pencilin.practices import checks

MOST_SITES = 50
WWW = "www."
DEFAULT_PORTS = {"http": 80, "https": 443}
_BETWEEN = re.compile(r"[,\s]+")


def both(site: str) -> tuple[str, str]:
    """The site without ``www.``, and with it."""
    scheme, _, host = site.rpartition("://")
    bare = host.removeprefix(WWW)
    return f"{scheme or 'https'}://{bare}", f"{scheme or 'https'}://{WWW}{bare}"


def is_listed(sites: Sequence[str], origin: str) -> bool:
    """Whether a practice with these ``sites`` lets ``origin`` show the form, as a browser would decide it.

    A site that was listed with ``http`` counts with ``https`` as well.
    """
    if not sites:
        return True
    asked = {origin, origin.replace("https://", "http://", 1)}
    return any(asked & set(both(site)) for site in sites)


def without_twins(sites: Sequence[str]) -> list[str]:
    """The sites in their order, without those that differ from an earlier one in ``www.`` alone."""
    found: dict[str, str] = {}
    for site in sites:
        found.setdefault(both(site)[0], site)
    return list(found.values())


def parse(text: str) -> list[str]:
    """The sites in ``text``, each typed or pasted: ``willow.example``, or the address of a page.

    They stand in lines of their own, or have commas or blanks between them. Raises :class:`Invalid` for the field
    ``sites`` with the first line that can't be read.
    """
    found = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), start=1):
        try:
            found += [_origin(one) for one in _BETWEEN.split(line) if one]
        except ValueError:
            told = f"Line {number} should be the address of a website, like www.willow.example"
            raise Invalid({"sites": told + (f", not “{line}”." if len(line) < 80 else ".")}) from None
    if len(found) > MOST_SITES:
        raise Invalid({"sites": f"List at most {MOST_SITES} websites."})
    return without_twins(found)


def restrict(session: Session, staff: Staff, sites: Sequence[str], now: datetime) -> None:
    """From now on, the form of the staff member's practice is shown by ``sites`` alone, or by all when there are none.

    Browsers that have loaded the form already keep it.
    """
    practice = session.get_one(Practice, staff.practice_id)
    if practice.sites != list(sites):
        practice.sites = list(sites)
        audit.record(session, now, practice.id, staff, "practice.sites_changed", "practice", practice.id, ["sites"])


def allow(session: Session, staff: Staff, site: str, now: datetime) -> None:
    """Adds one site to a list that there is. Raises :class:`Invalid` for what is no site."""
    found = parse(site)
    if len(found) != 1:
        raise Invalid({"sites": "Give the address of one website, like www.willow.example."})
    practice = session.get_one(Practice, staff.practice_id, with_for_update=True)
    if not is_listed(practice.sites, found[0]):
        restrict(session, staff, [*practice.sites, *found], now)


def _origin(typed: str) -> str:
    scheme, separator, rest = typed.rpartition("://")
    host = rest.split("/")[0].split("?")[0].split("#")[0].rstrip(".")
    if not host.isascii():
        host = host.lower().encode("idna").decode("ascii")
    if "." not in host and not host.startswith(("localhost", "[")):
        raise ValueError("no host has no dot")
    scheme = scheme.lower() if separator else "https"
    return checks.site(f"{scheme}://{host.removesuffix(f':{DEFAULT_PORTS.get(scheme)}')}")
