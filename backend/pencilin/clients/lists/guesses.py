"""What the columns of a list may be: guessed from their names and their cells, to be confirmed by people."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from pencilin.clients.lists.table import Table

NO_FIELD = ""
FIELDS = {
    NO_FIELD: "Leave out",
    "first_name": "First name",
    "last_name": "Last name",
    "full_name": "Full name",
    "email": "Email",
    "phone": "Phone",
    "birth_date": "Date of birth",
    "external_id": "Number in the other system",
    "notes": "Notes",
}

# Names of columns as other systems write them, without accents, blanks and signs: English, Spanish, French, German,
# Portuguese.
_NAMES = {
    "first_name": "firstname forename givenname first nombre nombres prenom vorname primeironome",
    "last_name": "lastname surname familyname last apellido apellidos nom nomdefamille nachname familienname sobrenome",
    "full_name": "name fullname clientname patientname client patient nombrecompleto nomcomplet vollername "
    "nomecompleto",
    "email": "email emailaddress mail correo correoelectronico courriel adressemail emailadresse",
    "phone": "phone phonenumber mobile mobilephone cell cellphone telephone tel telefono movil portable telefon handy "
    "telefone celular telemovel homephone",
    "birth_date": "birthdate dateofbirth dob birthday born fechadenacimiento nacimiento datedenaissance naissance "
    "geburtsdatum geburtstag datadenascimento nascimento",
    "external_id": "id externalid clientid patientid clientnumber patientnumber number recordnumber chartnumber mrn "
    "numero nummer kundennummer patientennummer",
    "notes": "notes note comments comment remarks notas notizen bemerkungen remarques observacoes",
}
_BY_NAME = {name: field for field, names in _NAMES.items() for name in names.split()}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# A time may stand behind the date.
_PARTS = re.compile(r"(\d{1,4})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{1,4})\.?(?:[T\s].*)?")
# How many cells of a column are looked at.
SAMPLE = 200


class Order(StrEnum):
    """How the dates of a list are written; *unclear* where day and month could change places."""

    ISO = "iso"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    UNCLEAR = "unclear"


def guess(table: Table) -> dict[int, str]:
    """The field of each column that has one by its name or its cells; none is given twice."""
    found: dict[int, str] = {}
    for number, name in enumerate(table.header):
        field = _BY_NAME.get(_plain(name), NO_FIELD)
        if field and field not in found.values():
            found[number] = field
    if {"first_name", "last_name"} & set(found.values()):
        found = {number: field for number, field in found.items() if field != "full_name"}
    for number in range(len(table.header)):
        cells = table.column(number)[:SAMPLE]
        if number not in found and cells and "email" not in found.values() and all(map(_EMAIL.fullmatch, cells)):
            found[number] = "email"
    return found


def date_order(cells: Iterable[str]) -> Order:
    """How these dates are written, as far as they tell: a number above 12 is no month."""
    first_is_day = second_is_day = other = False
    for cell in cells:
        parts = _PARTS.fullmatch(cell)
        if parts is None or len(parts[1]) > 2:
            continue
        other = True
        first_is_day |= int(parts[1]) > 12
        second_is_day |= int(parts[2]) > 12
    if first_is_day != second_is_day:
        return Order.DAY_FIRST if first_is_day else Order.MONTH_FIRST
    return Order.UNCLEAR if other else Order.ISO


def read_date(text: str, order: Order, today: date) -> str:
    """The date as YYYY-MM-DD; a time behind it is left out. ``ValueError`` with what to enter instead.

    A year of two digits is the latest that isn't in the future: nobody is born tomorrow.
    """
    parts = _PARTS.fullmatch(text.strip())
    if parts is None:
        raise ValueError("Enter a date, like 1985-03-24.")
    one, two, three = (int(part) for part in parts.groups())
    if len(parts[1]) > 2:
        year, month, day = one, two, three
    else:
        day, month = (one, two) if order is Order.DAY_FIRST else (two, one)
        year = three if len(parts[3]) > 2 else 100 * (today.year // 100) + three
    try:
        read = date(year, month, day)
        if len(parts[1]) <= 2 and len(parts[3]) <= 2 and read > today:
            read = read.replace(year=year - 100)
    except ValueError:
        raise ValueError("There is no such date.") from None
    return read.isoformat()


def split_name(full: str) -> tuple[str, str]:
    """First and last name of *Lee, Kim* or *Kim Lee*; the last word is the last name."""
    last, comma, first = (part.strip() for part in full.partition(","))
    if comma:
        return first, last
    first, _, last = full.strip().rpartition(" ")
    return first.strip(), last


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z]+", "", bare)
