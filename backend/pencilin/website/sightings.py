"""Where the widget is in use: per website, when it last loaded the script and the form.

It is a counter of what browsers say about themselves (``Origin``, ``Referer``), for people to look at. Nothing is
decided by it, since anybody can make a request that names any site. But made-up sites, however many, neither keep
those from being seen that are listed or have been known for some days, nor take their place.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock
from urllib.parse import urlsplit

from sqlmodel import Session, col, delete, select

from pencilin.config import is_local
from pencilin.database import conflict_free_insert
from pencilin.models import Practice, Sighting
from pencilin.practices import checks
from pencilin.website import sites

# Of a practice: how many sites are kept and for how long, how often one is written down, how much is written at all.
MOST_SITES = 200
KEPT = timedelta(days=180)
EVERY = timedelta(minutes=1)
MOST_PER_MINUTE = 30
# A site that is there for so long is not one of a flood.
SETTLED = timedelta(days=3)
MOST_PRACTICES = 1000


class Seen(StrEnum):
    """What of the widget a website loaded."""

    SCRIPT = "script"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class SeenSite:
    """A website that has the widget. ``listed``: it may show the form."""

    site: str
    script_seen_at: datetime | None
    frame_seen_at: datetime | None
    listed: bool

    @property
    def host(self) -> str:
        """The site as people call it, without ``https://``."""
        return self.site.removeprefix("https://")

    @property
    def seen_at(self) -> datetime:
        """The last time that anything of it was seen there."""
        return max(moment for moment in (self.script_seen_at, self.frame_seen_at) if moment)


def other_site(header: str, base_url: str) -> str | None:
    """The website that an ``Origin`` or ``Referer`` names, without a page's path.

    None for our own pages, for what is no public website, and for this machine, unless the server is there, too.
    """
    try:
        parts = urlsplit(header)
        port = parts.port
    except ValueError:
        return None
    shown = checks.shown_host(parts)
    if parts.scheme not in sites.DEFAULT_PORTS or not shown:
        return None
    own = urlsplit(base_url)
    if is_local(shown.strip("[]")) and not is_local(own.hostname or ""):
        return None
    site = f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, sites.DEFAULT_PORTS[parts.scheme]) else "")
    return None if site == base_url else site


@dataclass
class Throttle:
    """What this process wrote down lately, so that a busy site costs one write a minute and a flood little more."""

    _written: OrderedDict[tuple[str, bool], OrderedDict[tuple[str, Seen], datetime]] = field(
        default_factory=OrderedDict
    )
    _lock: Lock = field(default_factory=Lock)

    def lets(self, practice_id: str, site: str, what: Seen, now: datetime, *, settled: bool = False) -> bool:
        """Whether to write it down now; if so, that counts as done. There is always room for a settled site."""
        with self._lock:
            written = self._written.setdefault((practice_id, settled), OrderedDict())
            self._written.move_to_end((practice_id, settled))
            if len(self._written) > MOST_PRACTICES:
                self._written.popitem(last=False)
            # The clock may have been stepped back: what lies ahead is over as well.
            while written and not now - EVERY < next(iter(written.values())) <= now:
                written.popitem(last=False)
            if (site, what) in written or (not settled and len(written) >= MOST_PER_MINUTE):
                return False
            written[site, what] = now
            return True


def note(session: Session, practice_id: str, site: str, what: Seen, now: datetime) -> None:
    """Writes down that ``site`` loaded it, and forgets sites: those that are gone, and the oldest of too many.

    Settled ones aren't forgotten in favour of others.
    """
    seen = {f"{what.value}_seen_at": now}
    row = conflict_free_insert(session)(Sighting).values(practice_id=practice_id, site=site, first_seen_at=now, **seen)
    session.execute(row.on_conflict_do_update(index_elements=["practice_id", "site"], set_=seen))
    practice = session.get_one(Practice, practice_id)
    known = listing(session, practice)
    if len(known) > MOST_SITES:
        known.sort(key=lambda one: is_settled(session, practice, one.site, now), reverse=True)
    for place, one in enumerate(known):
        if place >= MOST_SITES or one.seen_at <= now - KEPT:
            gone = (col(Sighting.practice_id) == practice_id) & (col(Sighting.site) == one.site)
            session.exec(delete(Sighting).where(gone))


def is_settled(session: Session, practice: Practice, site: str, now: datetime) -> bool:
    """Whether the practice lists the site, or it has been known for some days."""
    if practice.sites and sites.is_listed(practice.sites, site):
        return True
    row = session.get(Sighting, (practice.id, site))
    return row is not None and (row.first_seen_at is None or row.first_seen_at <= now - SETTLED)


def listing(session: Session, practice: Practice) -> list[SeenSite]:
    """All websites of a practice, the last seen first."""
    rows = session.exec(select(Sighting).where(Sighting.practice_id == practice.id)).all()
    found = [
        SeenSite(row.site, row.script_seen_at, row.frame_seen_at, sites.is_listed(practice.sites, row.site))
        for row in rows
        if row.script_seen_at or row.frame_seen_at
    ]
    return sorted(found, key=lambda one: one.seen_at, reverse=True)


def to_suggest(seen: Sequence[SeenSite]) -> list[str]:
    """What to put into a list of sites that is empty so far: those that loaded both the script and the form."""
    used = [one.site for one in seen if one.script_seen_at and one.frame_seen_at]
    return sites.without_twins(used)[: sites.MOST_SITES]
