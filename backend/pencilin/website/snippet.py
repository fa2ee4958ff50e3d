"""The snippet for a practice's website: what it may say, and how it reads with each choice."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from typing import Final
from urllib.parse import urlencode

from pencilin import i18n
from pencilin.catalogue import Catalogue
from pencilin.rules import texts

MODES: Final = {
    "inline": "In the page",
    "button": "Button in the page",
    "floating": "Floating button",
    "dialog": "Link that opens a dialog",
}
THEMES: Final = {"auto": "Like the page around it", "light": "Light", "dark": "Dark"}
SCRIPTS: Final = {
    "current": "Always the current release",
    "pinned": "This release only, checked by the browser",
}
LONGEST_LABEL: Final = 60
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Options:
    """What a snippet says beside server and practice; empty texts say nothing. ``service`` and so on are slugs."""

    mode: str = "inline"
    label: str = ""
    lang: str = ""
    theme: str = "auto"
    accent: str = ""
    service: str = ""
    practitioner: str = ""
    location: str = ""
    script: str = "current"

    def chosen(self) -> dict[str, str]:
        """What differs from a plain snippet, by name: for addresses and to be stored."""
        plain = Options()
        return {name: value for name, value in asdict(self).items() if value != getattr(plain, name)}


@dataclass(frozen=True, slots=True)
class Script:
    """Where the widget's script is. ``integrity`` is there for an address whose content never changes."""

    src: str
    integrity: str = ""


def read(given: Mapping[str, str], catalogue: Catalogue) -> tuple[Options, dict[str, str]]:
    """The options in ``given``, and what is wrong with them by name; what is wrong or unknown is left out."""
    known = {
        "mode": MODES,
        "lang": i18n.NAMES,
        "theme": THEMES,
        "script": SCRIPTS,
        "service": {one.slug for one in catalogue.services},
        "practitioner": {one.slug for one in catalogue.practitioners},
        "location": {one.slug for one in catalogue.locations},
    }
    found = {name: given[name] for name, values in known.items() if given.get(name) in values}
    wrong = {}
    label, accent = given.get("label", "").strip(), given.get("accent", "").strip()
    if len(label) > LONGEST_LABEL or not texts.is_plain(label, one_line=True):
        wrong["label"] = f"Use at most {LONGEST_LABEL} characters in one line."
    else:
        found["label"] = label
    if accent and not _COLOUR.fullmatch(accent):
        wrong["accent"] = "Give a colour like #0f766e, or leave it empty for the practice’s own."
    else:
        found["accent"] = accent
    return Options(**found), wrong


def attributes(options: Options) -> dict[str, str]:
    """The ``data-`` attributes of the link, without that prefix."""
    given = {
        "pencilin": options.mode,
        "service": options.service,
        "practitioner": options.practitioner,
        "location": options.location,
        "lang": options.lang,
        "theme": "" if options.theme == "auto" else options.theme,
        "accent": options.accent,
    }
    return {name: value for name, value in given.items() if value}


def html(options: Options, page: str, script: Script, label: str) -> str:
    """The lines to paste: a link to the hosted page ``page``, and the script that makes the widget of it.

    ``label`` is what the link says when the options don't.
    """
    said = "".join(f' data-{name}="{escape(value)}"' for name, value in attributes(options).items())
    checked = f' integrity="{script.integrity}" crossorigin="anonymous"' if script.integrity else ""
    return (
        f'<a href="{escape(page)}"{said}>{escape(options.label or label, quote=False)}</a>\n'
        f'<script async src="{escape(script.src)}"{checked}></script>'
    )


def hosted(options: Options, page: str) -> str:
    """The hosted page with the same choice: for links, mails and posters."""
    filters = {"service": options.service, "practitioner": options.practitioner, "location": options.location}
    filters["lang"] = options.lang
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"{page}?{query}" if query else page


def policy(origin: str) -> str:
    """What a website that has a Content-Security-Policy must add to it."""
    return "\n".join(f"{directive} {origin}" for directive in ("script-src", "connect-src", "frame-src"))
