"""How much each agreement and difference weighs: Fellegi-Sunter weights, used to order and to list.

The weight of a level is log2(m / u): m, how often the field has that level for two records of one person; u,
how often for two different people (Fellegi and Sunter, *A Theory for Record Linkage*, 1969). m and u were
counted on one half of the development set derived from FEBRL 1-3 (1,480 true pairs, 90,000 random pairs) and
rounded; levels too rare to count there (short forms, spellings, 1 January) are set by judgement between their
neighbours. Whether a file may be *suggested* is never decided by a sum, only by the rules in :mod:`decide`.
"""

from typing import Final

from pencilin.rules.matching.compare import Comparison, Contact, Generation
from pencilin.rules.matching.dates import Dates
from pencilin.rules.matching.first_names import First
from pencilin.rules.matching.last_names import Last

# A file without an agreeing contact is listed from this sum. Both names the same, no birth date to compare, other
# contacts: 11.5; the same birth date and one name: 15; both names, but another birth date and contacts: 7.5.
LISTED_FROM: Final = 9.0

# Email and phone agree together when the household does: with another first name they are one piece of evidence.
ONE_HOUSEHOLD: Final = 16.0

_FIRST: Final = {
    First.SAME: 8.0,
    First.SPELLING: 6.5,
    First.SHORT: 6.5,
    First.LONGER: 6.5,
    First.CLEAR_SLIP: 7.0,
    First.SLIP: 6.5,
    First.SIMILAR: 3.5,
    First.INITIAL: 3.0,
    First.MISSING: -0.5,
    First.DIFFERENT: -3.5,
}
_LAST: Final = {Last.SAME: 7.5, Last.PART: 6.5, Last.SLIP: 6.0, Last.MISSING: -0.5, Last.DIFFERENT: -3.5}
_DATES: Final = {
    Dates.SAME: 15.0,
    Dates.TURNED: 6.0,
    Dates.DIGIT: 3.5,
    Dates.WEAK: 2.0,
    Dates.MISSING: 0.0,
    Dates.PART: -1.5,
    Dates.CONFLICT: -4.0,
}
_EMAIL: Final = {
    Contact.SAME: 16.0,
    Contact.NEAR: 10.0,
    Contact.GENERAL: 1.0,
    Contact.MISSING: 0.0,
    Contact.DIFFERENT: -2.0,
}
_PHONE: Final = {
    Contact.SAME: 16.0,
    Contact.NEAR: 5.0,
    Contact.GENERAL: 1.0,
    Contact.MISSING: 0.0,
    Contact.DIFFERENT: -2.0,
}
_GENERATION: Final = {Generation.SAME: 0.0, Generation.ONE_SIDED: -1.0, Generation.DIFFERENT: -5.0}


def weight(found: Comparison) -> float:
    """The sum of the fields' weights, in bits: how much likelier one person is than two."""
    contacts = _EMAIL[found.email] + _PHONE[found.phone]
    if found.first in (First.DIFFERENT, First.SIMILAR):
        contacts = min(contacts, ONE_HOUSEHOLD)
    return _FIRST[found.first] + _LAST[found.last] + _DATES[found.dates] + contacts + _GENERATION[found.generation]
