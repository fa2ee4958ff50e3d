"""What a person may be called and how they can be reached: the checks of every form, file and command.

Each function takes a text as somebody typed it and gives the form to keep. ``ValueError`` says, in a sentence that
can stand beside the field, what to enter instead; it never repeats what was typed.
"""

import re
import unicodedata
from datetime import date
from typing import Final

import phonenumbers

from pencilin.rules.matching.contacts import normal_phone

LONGEST_NAME: Final = 200
LONGEST_EMAIL: Final = 254  # RFC 5321 leaves no room for more between < and >
OLDEST_YEARS: Final = 150
# Composing a text takes time that grows with its square; no character is composed of more than four.
MOST_COMPOSED: Final = 4

_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# These turn the reading direction of all that follows, so that a name could disguise the rest of a line.
_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_INVISIBLE: Final = frozenset({"Cf", "Zs", "Mn", "Me"})


def name(value: str) -> str:
    """A first, last or full name: any valid character of any script, 1 to 200 of them, composed (NFC).

    Control characters, line ends and characters that turn the reading direction are refused.
    """
    typed = value.strip()
    if len(typed) > LONGEST_NAME * MOST_COMPOSED:
        raise ValueError(f"Enter at most {LONGEST_NAME} characters.")
    typed = unicodedata.normalize("NFC", typed)
    if not any(unicodedata.category(character) not in _INVISIBLE for character in typed):
        raise ValueError("Enter a name.")
    if len(typed) > LONGEST_NAME:
        raise ValueError(f"Enter at most {LONGEST_NAME} characters.")
    if any(character in _OVERRIDES or unicodedata.category(character) in _REFUSED for character in typed):
        raise ValueError("Enter the name in one line, without control characters.")
    return typed


def email(value: str) -> str:
    """An address that mail can be sent to, as typed; a domain of other letters in its ASCII form."""
    typed = value.strip()
    if len(typed) > LONGEST_EMAIL:
        raise ValueError(f"Enter an address of at most {LONGEST_EMAIL} characters.")
    local, at, domain = typed.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("Enter an email address, like name@example.com.")
    if not local.isascii():
        raise ValueError("Enter an email address with plain letters (a to z) before the @.")
    try:
        plain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise ValueError("Check the part after the @: it should be like example.com.") from None
    labels = plain.lower().split(".")
    # Mail programs would read =? as the beginning of an encoded word.
    if "=?" in local or len(local) > 64 or not _ATOM.fullmatch(local):
        raise ValueError("Check the part before the @: it has a character that email addresses don't have.")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("Check the part after the @: it should be like example.com.")
    address = f"{local}@{plain}"
    if len(address) > LONGEST_EMAIL:
        raise ValueError(f"Enter an address of at most {LONGEST_EMAIL} characters.")
    return address


def phone(value: str, country: str) -> str:
    """A phone number, as typed. Without a country code it must be one of ``country`` (ISO 3166, two letters)."""
    typed = value.strip()
    if not typed:
        raise ValueError("Enter a phone number.")
    if not all(character.isprintable() for character in typed) or normal_phone(typed, country) is None:
        raise ValueError("Enter a phone number with its area code; from abroad, begin with + and the country code.")
    return typed


def phone_to_file(value: str, country: str) -> str:
    """A phone number with its country (``+61 2 5550 6859``), for a file that outlives where it was typed."""
    typed = phone(value, country)
    try:
        number = phonenumbers.parse(typed, country.upper())
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        # Only the tolerant reading of matching understands it.
        number = phonenumbers.parse(normal_phone(typed, country) or "", None)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def birth_date(value: str, today: date) -> date:
    """A date of birth from ``YYYY-MM-DD``: a day that there was, not after ``today``, not 150 years ago."""
    typed = value.strip()
    if not _ISO_DATE.fullmatch(typed):
        raise ValueError("Enter the date of birth as year, month and day, like 1985-03-24.")
    try:
        born = date.fromisoformat(typed)
    except ValueError:
        raise ValueError("There is no such day. Check day, month and year.") from None
    if born > today:
        raise ValueError("The date of birth is in the future. Check the year.")
    if today.year - born.year > OLDEST_YEARS:
        raise ValueError("The date of birth is too long ago. Check the year.")
    return born
