"""What the dashboard and the webmaster's page both tell about the widget: its lines, and where it was seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from pencilin import addresses, i18n
from pencilin.models import Practice
from pencilin.web.delivery import versioned_widget
from pencilin.web.http import Call
from pencilin.website import sightings, snippet
from pencilin.website.snippet import Options, Script
from pencilin.wording import words

# The rest is there to be counted: nobody looks through more.
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Lines:
    """What is there to be copied: the snippet, the hosted page's address, and the policy's sources.

    ``server`` is our host, ``label`` what a link says that nobody gave a text.
    """

    snippet: str
    hosted: str
    policy: str
    server: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A website as the pages show it. ``site`` is its origin, ``ago`` when it was last seen."""

    site: str
    host: str
    ago: str
    script: bool
    frame: bool
    listed: bool


def lines(call: Call, practice: Practice, options: Options) -> Lines:
    """The lines for these options."""
    base_url = call.server.config.base_url
    page = addresses.booking_url(base_url, practice)
    script = Script(f"{base_url}/widget.js")
    if options.script == "pinned":
        release = versioned_widget()
        script = Script(base_url + release.path, release.integrity)
    language = options.lang or i18n.spoken(practice.locale).language
    label = str(words(language, "picker")["region"])
    return Lines(
        snippet=snippet.html(options, page, script, label),
        hosted=snippet.hosted(options, page),
        policy=snippet.policy(base_url),
        server=call.server.config.host,
        label=label,
    )


def where_seen(session: Session, practice: Practice, now: datetime) -> list[Shown]:
    """The websites that have the widget, the last seen first."""
    return [
        Shown(
            site=one.site,
            host=one.host,
            ago=ago(now, one.seen_at),
            script=one.script_seen_at is not None,
            frame=one.frame_seen_at is not None,
            listed=one.listed,
        )
        for one in sightings.listing(session, practice)[:MOST_SHOWN]
    ]


def ago(now: datetime, then: datetime) -> str:
    """*4 s ago*, *5 min ago*, *3 h ago* or *12 days ago*, rounded down."""
    seconds = max(0, int((now - then).total_seconds()))
    for most, length, unit in ((60, 1, "s"), (3600, 60, "min"), (48 * 3600, 3600, "h")):
        if seconds < most:
            return f"{seconds // length} {unit} ago"
    return f"{seconds // 86400} days ago"
