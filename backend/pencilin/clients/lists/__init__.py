"""Lists of clients from other systems, whatever their columns: read, understood, looked at, and only then filed.

Start reading at :mod:`staging`.
"""

from pencilin.clients.lists.guesses import FIELDS, NO_FIELD, Order
from pencilin.clients.lists.plan import Planned
from pencilin.clients.lists.staging import (
    Preview,
    abandon,
    choose,
    confirm,
    earlier,
    find,
    forget_old,
    go_on,
    is_unclear,
    preview,
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
    "is_unclear",
    "preview",
    "resume",
    "stage",
    "table_of",
]
