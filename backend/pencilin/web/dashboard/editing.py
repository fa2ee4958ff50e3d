"""Forms that several people may have open at once: each field is sent with what it held when the page was made.

In a template, ``dashboard/fields.html`` draws the fields of a :class:`Form`. A handler asks :func:`sent` for what was
typed, and :func:`merged` for what to store; a refusal shows the form again by :func:`refused`, and nothing is lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pencilin.errors import Invalid
from pencilin.rules.edits import merge
from pencilin.web.http import Call

CLASH = "Somebody changed this meanwhile. Save again to keep what you typed."


@dataclass(frozen=True, slots=True)
class Form:
    """``values`` as the fields show them, ``was`` what was stored then, ``wrong`` why a field was refused, ``now`` what
    fields hold that somebody else changed meanwhile."""

    values: Mapping[str, str]
    was: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)


class Changed(Invalid):
    """Somebody else changed the same fields; ``now`` is what they hold."""

    def __init__(self, now: Mapping[str, str]) -> None:
        super().__init__(dict.fromkeys(now, CLASH), "Somebody else changed this meanwhile. Look again before you save.")
        self.now = dict(now)


def shown(stored: Mapping[str, str]) -> Form:
    """The form as somebody opens it."""
    return Form(stored, stored)


def sent(call: Call, names: Iterable[str]) -> dict[str, str]:
    """What was typed into the fields; a box that wasn't ticked is empty. Several values are joined by line feeds."""
    return {name: _lines("\n".join(str(one).strip() for one in call.form.getlist(name))) for name in names}


def merged(call: Call, typed: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """What to store for each field. Raises :class:`Changed` where the person must look again."""
    result = merge(_was(call, typed), typed, stored)
    if result.clashes:
        raise Changed(result.clashes)
    return result.values


def refused(call: Call, typed: Mapping[str, str], error: Invalid) -> Form:
    """The form with everything as it was typed, and what is wrong with it.

    Where somebody else changed a field, saving again means that it was seen.
    """
    now = error.now if isinstance(error, Changed) else {}
    return Form(typed, _was(call, typed) | now, error.fields, now)


def _was(call: Call, names: Iterable[str]) -> dict[str, str]:
    """What each field held when the page was made; a form without it was made for nobody else to change."""
    return {name: _lines(call.field(f"was_{name}")) for name in names if f"was_{name}" in call.form}


def _lines(text: str) -> str:
    """The text with its line ends as they are stored: browsers send two characters for each."""
    return text.replace("\r\n", "\n")
