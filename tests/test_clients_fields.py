"""What a client may be called, and what counts as an email, a phone number, a date of birth (security row 17)."""

from datetime import date

import pytest

from pencilin.rules import people

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "name",
    [
        "Ana",
        "O’Neil",
        "Jean-Luc d'Arc",
        "José",
        "Nguyễn Thị",
        "李",
        "Ольга",
        "محمد",
        "X Æ A-12",
        "van der Berg",
        "a" * 200,
        "Zoë 🙂",
    ],
)
def test_names_of_every_kind_stay_as_they_are(name: str) -> None:
    assert people.name(f"  {name} ") == name


def test_names_are_kept_composed() -> None:
    assert people.name("Zoe\u0308") == "Zoë"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "  ",
        "\u200b",
        "\u0301",
        "a" * 201,
        "Ana\nRuiz",
        "Ana\x00",
        "Ana\x1b[2J",
        "\u202eanA",
        "Ana\u2066",
        "a\u2028b",
        "\ud800",
        "=?utf-8?q?a\r\nBcc: x?=",
    ],
)
def test_names_that_could_deceive_or_break_a_line_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"^Enter ") as refused:
        people.name(name)
    assert name.strip() == "" or name not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" ana@mail.example ", "ana@mail.example"),
        ("Ana.Ruiz+x@Mail.Example", "Ana.Ruiz+x@Mail.Example"),
        ("o'neil@sub.mail.example", "o'neil@sub.mail.example"),
        ("ana@müller.example", "ana@xn--mller-kva.example"),
    ],
)
def test_emails_are_kept_as_typed(typed: str, kept: str) -> None:
    assert people.email(typed) == kept


@pytest.mark.parametrize(
    "email",
    [
        "", "ana", "ana@", "@mail.example", "ana@mail", "ana@mail..example", "ana@.example", "ana ruiz@mail.example",
        "ana..ruiz@mail.example", ".ana@mail.example", "<ana@mail.example>", "a@b@mail.example", "ana@-x.example",
        "ana@1.2.3.4", "ana,ben@mail.example", "josé@mail.example", "ana@mail.example\r\nBcc: x@y.example",
        "ana@mail\x00.example", f"{'a' * 65}@mail.example", f"ana@{'a' * 64}.example", f"ana@{'abc.' * 70}example",
    ],
)  # fmt: skip
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match=r"^(Enter|Check) "):
        people.email(email)


@pytest.mark.parametrize(
    ("typed", "country", "filed"),
    [
        ("(212) 555-0147", "US", "+1 212-555-0147"),
        ("+61 2 5550 6859", "US", "+61 2 5550 6859"),
        ("02 5550 6859", "AU", "+61 2 5550 6859"),
        ("07700 900123", "gb", "+44 7700 900123"),
        ("212.555.0147 ext 4", "US", "+1 212-555-0147 ext. 4"),
    ],
)
def test_phones_are_read_by_country_and_filed_with_it(typed: str, country: str, filed: str) -> None:
    assert people.phone(f" {typed} ", country) == typed
    assert people.phone_to_file(typed, country) == filed
    assert people.phone_to_file(filed, "JP") == filed


@pytest.mark.parametrize(
    "phone", ["", "12", "call me", "+", "+999 123", "2" * 40, "2" * 80, "212\x00555 0147", "212\n5550147"]
)
def test_what_is_no_phone_is_refused(phone: str) -> None:
    with pytest.raises(ValueError, match=r"^Enter a phone number"):
        people.phone(phone, "US")


def test_dates_of_birth_are_days_that_were() -> None:
    assert people.birth_date(" 1985-03-24 ", TODAY) == date(1985, 3, 24)
    assert people.birth_date("2026-11-23", TODAY) == TODAY
    assert people.birth_date("2024-02-29", TODAY) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["", "24.3.1985", "1985-3-24", "19850324", "1985-W12-7", "1985-02-29", "2026-11-24", "1801-01-01", "٢٠٠٠-٠١-٠١"],
)
def test_other_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        people.birth_date(text, TODAY)
