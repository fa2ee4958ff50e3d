"""Two people edit one thing: what each of them changed is kept, and where both changed the same field they are told."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """``values`` are what to store; ``clashes`` say of fields that both changed what they hold now."""

    values: dict[str, str]
    clashes: dict[str, str]


def merge(was: Mapping[str, str], typed: Mapping[str, str], stored: Mapping[str, str]) -> Merged:
    """Puts ``typed`` over ``stored``, knowing what the fields held (``was``) when the form was opened.

    A field that was left as it was keeps what is stored now. One that was changed both here and there keeps what was
    typed, and is a clash; unless both say the same.
    """
    values = dict(stored)
    clashes: dict[str, str] = {}
    for name, text in typed.items():
        now = stored.get(name, "")
        before = was.get(name, now)
        if text == before:
            continue
        values[name] = text
        if now not in (before, text):
            clashes[name] = now
    return Merged(values, clashes)
