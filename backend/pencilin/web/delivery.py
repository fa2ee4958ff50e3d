"""What practices' websites load: the widget's script, today's and that of each release, and its words."""

import hashlib
import re
from base64 import b64encode
from typing import NamedTuple

from starlette.responses import Response

from pencilin import __version__
from pencilin.errors import NotFound
from pencilin.web.assets import FOR_EVER, read, sent
from pencilin.web.compression import PLAIN
from pencilin.web.http import ASSETS, Call

WIDGET = ASSETS / "widget" / "widget.js"
LATER = ASSETS / "widget" / "later.js"
RELEASES = ASSETS / "widget" / "releases"
WORDS = ASSETS / "widget" / "words"

# Snippets name these without a version, so browsers ask again soon; the answer is mostly 304.
BRIEFLY = "public, max-age=300, stale-while-revalidate=86400"

_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){2}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)


class VersionedScript(NamedTuple):
    """A script that never changes: its path on this server, and the ``integrity`` by which a browser can tell."""

    path: str
    integrity: str


def versioned_widget() -> VersionedScript:
    """Today's widget for a page that wants to pin it; raises :class:`NotFound` when it wasn't built."""
    file = read(WIDGET)
    integrity = b64encode(hashlib.sha384(file.encoded[PLAIN]).digest()).decode()
    return VersionedScript(f"/widget/{__version__}/{file.digest}.js", f"sha384-{integrity}")


def widget_script(call: Call) -> Response:
    """``/widget.js``: the same for everybody, from any origin, without a cookie."""
    return sent(call, WIDGET, BRIEFLY)


def versioned_script(call: Call) -> Response:
    """``/widget/{version}/{digest}.js``: exactly these bytes or none, since a page that pins them refuses others.

    Today's widget, and its second part, which it asks for by its hash. What was released is kept and served for ever.
    """
    version, digest = call.path("version"), call.path("digest")
    if version == __version__ and digest == read(WIDGET).digest:
        path = WIDGET
    elif version == __version__ and digest == read(LATER).digest:
        path = LATER
    elif _VERSION.fullmatch(version) and _DIGEST.fullmatch(digest):
        path = RELEASES / version / f"{digest}.js"
    else:
        raise NotFound
    # A proxy that minifies or recodes it on its way would make it another script.
    return sent(call, path, f"{FOR_EVER}, no-transform")


def words(call: Call) -> Response:
    """``/widget/words/{lang}.json``: all words of one language, for who doesn't read English."""
    language = call.path("lang")
    if not _LANGUAGE.fullmatch(language):
        raise NotFound
    return sent(call, WORDS / f"{language}.json", BRIEFLY)
