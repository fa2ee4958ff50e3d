"""Lists of clients from other systems, whatever their columns: read, understood, looked at, and only then filed.

Start reading at :mod:`staging`.
"""

from pencilin.clients.lists.guesses import FIELDS, NO_FIELD, Order
from pencilin.clients.lists.plan import Planned
from pencilin.clients.lists.previews import Preview, keep, kept, preview
from pencilin.clients.lists.staging import (
    abandon,
    choose,
    confirm,
    earlier,
    find,
    forget_old,
    go_on,
    outline_of,
    resume,
    stage,
    table_of,
)

__all__ = [
    "FIELDS",
    "NO_FIELD",
    "Order",
    "Planned",
    "Preview",
    "abandon",
    "choose",
    "confirm",
    "earlier",
    "find",
    "forget_old",
    "go_on",
    "keep",
    "kept",
    "outline_of",
    "preview",
    "resume",
    "stage",
    "table_of",
]
