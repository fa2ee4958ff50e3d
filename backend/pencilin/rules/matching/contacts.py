"""Email addresses and phone numbers: their one normal form, and which of them say nothing about a person."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import phonenumbers

LONGEST_EMAIL: Final = 320
LONGEST_PHONE: Final = 60

_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_EXTENSION = re.compile(r"(?i)\s*(?:ext\.?|x|#|app?t\.?)\s*[0-9]{1,6}\s*$")

_NOBODY: Final = re.compile(
    r"(none|n\.a|null|nil|nomail|no[-_.]?e?mail|no[-_.]?address|no[-_.]?reply|do[-_.]?not[-_.]?reply|unknown|tests?"
    r"|testing|example|fake|dummy|asdf+|x{2,}|a{3,}|email|none[-_.]?given|nobody|no[-_.]?one|anonymous|declined|refused"
    r"|not[-_.]?(given|known|provided|available|applicable))[0-9]*"
)
_ROLES: Final = frozenset(
    {"accounts", "accounting", "admin", "administration", "administrator", "appointments", "billing", "booking"}
    | {"bookings", "care", "clinic", "contact", "customercare", "customerservice", "desk", "enquiries", "enquiry"}
    | {"family", "frontdesk", "hello", "help", "helpdesk", "hr", "info", "information", "inquiries", "inquiry"}
    | {"jobs", "kontakt", "mail", "marketing", "office", "orders", "owner", "post", "postmaster", "praxis"}
    | {"reception", "receptionist", "records", "reservations", "sales", "secretary", "school", "service", "staff"}
    | {"support", "team", "webmaster", "welcome"}
)


def normal_email(text: str | None) -> str | None:
    """The one form in which addresses are compared, or None when it is no address.

    Case, blanks of all kinds and the Unicode form are no differences. Letters are never exchanged for
    look-alikes, and dots and ``+tags`` stay: to most servers they are other mailboxes.
    """
    return _normal_email(text) if text and len(text) <= LONGEST_EMAIL * 2 else None


@lru_cache(maxsize=65_536)
def _normal_email(text: str) -> str | None:
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(c for c in composed if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    address = unicodedata.normalize("NFC", visible.removeprefix("mailto:").strip("<>,;").lower())
    return address if len(address) <= LONGEST_EMAIL and _EMAIL.fullmatch(address) else None


def normal_phone(text: str | None, country: str) -> str | None:
    """The number in E.164 (``+61255506859``), or None when it is no number.

    A number typed without its country is read as one of ``country`` (an ISO 3166 region); ``00`` before a
    country code is read as ``+`` everywhere. An extension is left out.
    """
    return _normal_phone(text, country.upper()) if text and len(text) <= LONGEST_PHONE else None


@lru_cache(maxsize=65_536)
def _normal_phone(text: str, country: str) -> str | None:
    dialled = _dialled(text)
    if _E164.fullmatch(dialled):
        whole = _parsed(dialled, None)
        return dialled if whole is not None and phonenumbers.is_possible_number(whole) else None
    if dialled.startswith("00"):
        abroad = _parsed("+" + dialled.lstrip("0"), country)
        if abroad is not None and phonenumbers.is_valid_number(abroad):
            return _e164(abroad)
    number = _parsed(dialled, country)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return _e164(number)


def valid_phone(number: str) -> bool:
    """Whether an E.164 number is one that its country hands out, as far as its published plan says."""
    return _valid_phone(number)


@lru_cache(maxsize=65_536)
def _valid_phone(number: str) -> bool:
    parsed = _parsed(number, None)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


@lru_cache(maxsize=65_536)
def phone_as_in(text: str, number: str) -> str | None:
    """``text`` read as a number of the country of ``number`` (E.164), or None.

    For a typed number that is none in the practice's own country: whoever lives abroad types the national
    form from there. The answer is a whole number with its country, never an ending.
    """
    if len(text) > LONGEST_PHONE:
        return None
    there = _parsed(number, None)
    region = phonenumbers.region_code_for_number(there) if there is not None else None
    return normal_phone(text, region) if region else None


@lru_cache(maxsize=65_536)
def national_digits(text: str) -> str:
    """The digits of a phone text without trunk prefix, to find numbers whose country is unclear."""
    digits = "".join(c for c in _dialled(text[:LONGEST_PHONE]) if c.isdigit())[-24:]
    if digits.startswith("1") and len(digits) == 11:
        return digits[1:]
    return digits.lstrip("0")


@lru_cache(maxsize=65_536)
def national_number(number: str) -> str:
    """The national significant number of an E.164 number."""
    parsed = _parsed(number, None)
    return phonenumbers.national_significant_number(parsed) if parsed is not None else number.lstrip("+")


def _dialled(text: str) -> str:
    """What one would dial: digits of any script as ASCII, a leading plus, nothing else."""
    plain = _EXTENSION.sub("", unicodedata.normalize("NFKC", text))
    plain = plain.replace("(0)", "") if "+" in plain or plain.lstrip().startswith("00") else plain
    digits = "".join(str(unicodedata.decimal(c)) for c in plain if c.isdecimal())
    return ("+" + digits) if plain.lstrip(" (\u200e\u202a\t").startswith("+") else digits


def _parsed(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=65_536)
def says_nothing_email(address: str) -> bool:
    """Whether a normal address is a placeholder (``noemail@…``, ``na@na.…``) or a role mailbox (``info@…``)."""
    mailbox, _, domain = address.partition("@")
    name = mailbox.partition("+")[0]
    return name in _ROLES or (domain.startswith(f"{name}.") and len(name) < 5) or _NOBODY.fullmatch(name) is not None


@lru_cache(maxsize=65_536)
def says_nothing_phone(number: str) -> bool:
    """Whether an E.164 number is a placeholder: one digit repeated, or a plain run of digits."""
    national = national_number(number)
    return len(set(national[-6:])) == 1 or national[-7:] in ("1234567", "2345678", "3456789", "4567890")


def email_key(address: str) -> str:
    """The key under which files with this normal address are counted and found."""
    return f"e:{address[:62]}"


def phone_key(number: str) -> str:
    """The key under which files with this E.164 number are counted and found."""
    return f"p:{number}"
