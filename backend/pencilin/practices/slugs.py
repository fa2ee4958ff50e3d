"""Ids that stand in addresses, made of names."""

import re
import unicodedata
from collections.abc import Collection

from pencilin.practices.checks import LONGEST_SLUG

# Room for a hyphen and a number behind it.
_LONGEST = LONGEST_SLUG - 5


def free_slug(name: str, taken: Collection[str], otherwise: str) -> str:
    """*Dr. Zoë Å.* is ``dr-zoe-a``, or ``dr-zoe-a-2`` where that is taken; ``otherwise`` is for other scripts."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-") or otherwise
    number, free = 2, slug
    while free in taken:
        number, free = number + 1, f"{slug}-{number}"
    return free
