"""Whether two files may be of one person: the comparison of what was typed with a file, without what tells them apart.

Who books may be a relative of somebody on file, so matching lists relatives, too. Two files that differ in the first
name or the date of birth are two people, until somebody corrects one of them.
"""

from collections.abc import Mapping
from typing import Final

from pencilin.rules.matching.decide import match
from pencilin.rules.matching.people import Filed, Match, Typed

_TELL_APART: Final = ("name", "first_name", "birth_date")
_BEYOND_NAMES: Final = ("birth_date", "email", "phone")


def pair(one: Filed, other: Filed, shared: Mapping[str, int]) -> Match | None:
    """The match of ``other`` for ``one``, or None for two people. ``shared`` as for :func:`match`.

    Names alone are enough only where nothing differs: one file has the phone, the other the email.
    """
    typed = Typed(one.first_name, one.last_name, one.email, one.phone, one.birth_date, one.country)
    found = match(typed, [other], shared)
    best = found.suggestion or next(iter(found.possible), None)
    if best is None:
        return None
    different = {point.field for point in best.points if point.agreement == "different"}
    agreeing = {point.field for point in best.points if point.agreement in ("same", "near")}
    if not different.isdisjoint(_TELL_APART):
        return None
    return best if not agreeing.isdisjoint(_BEYOND_NAMES) or not different else None
