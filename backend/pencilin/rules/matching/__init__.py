"""Matching: which client file a booker is, and why. Pure; start reading at :mod:`decide`."""

from pencilin.rules.matching.contacts import normal_email, normal_phone
from pencilin.rules.matching.decide import match
from pencilin.rules.matching.keys import contact_keys, keys
from pencilin.rules.matching.names import normal_name
from pencilin.rules.matching.pairs import pair
from pencilin.rules.matching.people import BookedByName, Confidence, Filed, Match, Matches, Point, Typed
from pencilin.rules.matching.search import KeyRange, search_keys, search_score

__all__ = [
    "BookedByName",
    "Confidence",
    "Filed",
    "KeyRange",
    "Match",
    "Matches",
    "Point",
    "Typed",
    "contact_keys",
    "keys",
    "match",
    "normal_email",
    "normal_name",
    "normal_phone",
    "pair",
    "search_keys",
    "search_score",
]
