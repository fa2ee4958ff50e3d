"""A family and its neighbours, for the tests of matching: Ana Reyes and people who could be taken for her."""

from datetime import date

from pencilin.rules.matching import BookedByName, Filed, Match, Matches, Typed, match

BORN = date(1985, 3, 14)
EMAIL = "ana.reyes@mail.example"
PHONE = "+61255500147"
TYPED_PHONE = "(02) 5550 0147"


def typed(
    first_name: str = "Ana",
    last_name: str = "Reyes",
    email: str | None = EMAIL,
    phone: str | None = TYPED_PHONE,
    birth_date: date | None = BORN,
    *,
    country: str = "AU",
    booked_by: BookedByName | None = None,
) -> Typed:
    return Typed(first_name, last_name, email, phone, birth_date, country, booked_by)


def filed(
    first_name: str = "Ana",
    last_name: str = "Reyes",
    email: str | None = EMAIL,
    phone: str | None = PHONE,
    birth_date: date | None = BORN,
    *,
    id: str = "file",
    country: str = "AU",
) -> Filed:
    return Filed(id, first_name, last_name, email, phone, birth_date, country)


def suggested(answer: Matches) -> str | None:
    """The id of the suggested file."""
    return answer.suggestion.file.id if answer.suggestion else None


def possible(answer: Matches) -> list[str]:
    """The ids of the listed files, in their order."""
    return [one.file.id for one in answer.possible]


def only(answer: Matches) -> Match:
    """The one match of an answer, suggested or listed."""
    (one,) = ((answer.suggestion,) if answer.suggestion else ()) + answer.possible
    return one


def is_suggested(one: Typed, other: Filed) -> bool:
    return suggested(match(one, [other])) == other.id


def is_only_listed(one: Typed, other: Filed) -> bool:
    answer = match(one, [other])
    return answer.suggestion is None and possible(answer) == [other.id]
