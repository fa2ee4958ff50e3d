"""A practice's logo: a picture that every browser shows, kept as it was sent, above the pages that clients see."""

import hashlib
from datetime import datetime

from sqlmodel import Session

from pencilin import audit
from pencilin.errors import Conflict, Invalid
from pencilin.models import Practice, PracticeLogo, Staff
from pencilin.practices import forms

LARGEST = 512 * 1024
TOO_LARGE = "This picture is larger than 512 kB. Save it smaller: 400 pixels wide is plenty."
# How each kind begins, and what it has in its bytes 8 to 12.
_KINDS = {
    "image/png": (b"\x89PNG\r\n\x1a\n", b""),
    "image/jpeg": (b"\xff\xd8\xff", b""),
    "image/webp": (b"RIFF", b"WEBP"),
}
_KEPT_DIGITS = 16


def save(session: Session, staff: Staff, content: bytes, now: datetime) -> None:
    """Shows this picture from now on. Raises :class:`Invalid` for what is no picture, or too large."""
    media_type = kind_of(content)
    practice = forms.practice_of(session, staff)
    version = hashlib.sha256(content).hexdigest()[:_KEPT_DIGITS]
    stored = session.get(PracticeLogo, practice.id)
    if stored and (practice.logo_version, stored.version) == (version, version):
        return
    row = stored or PracticeLogo(practice_id=practice.id, content=b"", media_type="", version="", updated_at=now)
    row.content, row.media_type, row.version, row.updated_at = content, media_type, version, now
    session.add(row)
    practice.logo_version = version
    audit.record(session, now, practice.id, staff, "practice.changed", "practice", practice.id, ["logo"])


def kind_of(content: bytes) -> str:
    """The media type of a PNG, JPEG or WebP picture, by what it begins with; raises :class:`Invalid`.

    Drawings (SVG) can carry scripts, and are refused.
    """
    if not content:
        raise Invalid({"logo": "Choose a picture first."})
    if len(content) > LARGEST:
        raise Invalid({"logo": TOO_LARGE})
    for kind, (beginning, later) in _KINDS.items():
        if content.startswith(beginning) and content[8:12].startswith(later):
            return kind
    raise Invalid({"logo": "Choose a PNG, JPEG or WebP picture. A drawing (SVG) has to be saved as PNG first."})


def take_away(session: Session, staff: Staff, now: datetime) -> None:
    """Shows none any more; :func:`put_back` undoes it."""
    practice = forms.practice_of(session, staff)
    if practice.logo_version is not None:
        practice.logo_version = None
        audit.record(session, now, practice.id, staff, "practice.changed", "practice", practice.id, ["logo"])


def put_back(session: Session, staff: Staff, now: datetime) -> None:
    """Shows the picture again that was shown last; raises :class:`Conflict` where there never was one."""
    stored = session.get(PracticeLogo, staff.practice_id)
    if stored is None:
        raise Conflict("There is no logo to put back. Choose a picture.")
    practice = forms.practice_of(session, staff)
    if practice.logo_version != stored.version:
        practice.logo_version = stored.version
        audit.record(session, now, practice.id, staff, "practice.changed", "practice", practice.id, ["logo"])


def shown(session: Session, practice: Practice) -> PracticeLogo | None:
    """What clients see."""
    return session.get(PracticeLogo, practice.id) if practice.logo_version else None
