"""Texts of any length are answered at once: nothing is composed, which takes quadratic time, before it was measured."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from pencilin.accounts import passwords
from pencilin.errors import Invalid
from pencilin.rules import people
from pencilin.rules.matching import Filed, Typed, keys, match, normal_email, normal_name, normal_phone, search_keys

LONG = {
    "marks": "\u0301" * 15_000 + "\u0316" * 15_000,
    "ligatures": "\ufdfa" * 20_000,
    "a gap": f"1{' ' * 20_000}1",
    "letters": "ü" * 20_000,
}
TODAY = date(2026, 11, 23)


@pytest.fixture(params=list(LONG.values()), ids=list(LONG))
def text(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A long text, while composing anything that could keep the process busy is an error."""
    normalize = unicodedata.normalize

    def measured(form: str, unistr: str, /) -> str:
        assert len(unistr) <= 4_000, f"composes {len(unistr)} characters"
        return normalize(form, unistr)  # type: ignore[arg-type]  # whatever it was asked for

    monkeypatch.setattr(unicodedata, "normalize", measured)
    return str(request.param)


CHECKS: dict[str, tuple[Callable[[str], object], str]] = {
    "name": (people.name, "at most 200 characters"),
    "email": (people.email, "at most 254 characters"),
    "mailbox": (lambda text: people.email(f"{text}@mail.example"), "at most 254 characters"),
    "domain": (lambda text: people.email(f"ana@{text}.example"), "at most 254 characters"),
    "phone": (lambda text: people.phone(text, "AU"), "Enter a phone number"),
    "phone to file": (lambda text: people.phone_to_file(text, "AU"), "Enter a phone number"),
    "date of birth": (lambda text: people.birth_date(text, TODAY), "like 1985-03-24"),
}


@pytest.mark.parametrize("field", CHECKS)
def test_a_field_says_how_much_it_takes(text: str, field: str) -> None:
    check, reason = CHECKS[field]
    with pytest.raises(ValueError, match=reason):
        check(text)


def test_a_name_may_be_typed_in_pieces() -> None:
    assert people.name("u\u031b\u0323" * 200) == "ự" * 200


def test_matching_reads_what_fits_and_leaves_the_rest(text: str) -> None:
    typed = Typed(text, text, text, text, None, "AU", None)
    filed = Filed("1", text, text, text, text, None, "AU")
    match(typed, [filed])
    assert all(len(key) <= 64 for key in keys(typed) | keys(filed))
    assert (normal_email(text), normal_phone(text, "AU")) == (None, None)
    assert len(normal_name(text)) <= 4_000
    assert len(search_keys(text, "AU")) < 50


def test_a_password_of_any_length_is_simply_wrong(text: str) -> None:
    assert not passwords.is_right(None, text)
    with pytest.raises(Invalid) as refused:
        passwords.check_choice(text, "dana@willow.example")
    assert refused.value.fields == {"password": "Choose at most 200 characters."}


def test_a_password_is_the_same_however_it_is_composed() -> None:
    hashed = passwords.hash_password("fünf kleine Wörter")
    assert passwords.is_right(hashed, unicodedata.normalize("NFD", "fünf kleine Wörter"))
