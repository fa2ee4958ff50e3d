"""Which fields of the booking form are asked, and which must be filled in. Names and an email are always needed.

The forms, the API and the settings all go by this.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Ask(StrEnum):
    """What becomes of a field. *Hidden*: it isn't asked, and what is sent all the same is not kept."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    HIDDEN = "hidden"


USUAL: Final[Mapping[str, Ask]] = MappingProxyType(
    {"phone": Ask.REQUIRED, "birth_date": Ask.OPTIONAL, "returning": Ask.OPTIONAL, "note": Ask.OPTIONAL}
)
"""The fields that a practice decides about, by the API's names, with what holds where it says nothing."""


def asked(chosen: Mapping[str, str]) -> dict[str, Ask]:
    """What becomes of each field; ``chosen`` holds what a practice wants other than usual."""
    return {name: Ask(chosen.get(name, usual)) for name, usual in USUAL.items()}


def unusual(asks: Mapping[str, str]) -> dict[str, str]:
    """What a practice has to say about its fields for ``asks`` to hold: those that are other than usual."""
    return {name: str(ask) for name, ask in asks.items() if ask != USUAL[name]}
