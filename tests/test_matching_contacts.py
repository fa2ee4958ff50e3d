"""Email addresses and phone numbers: one normal form for all notations."""

import pytest

from pencilin.rules.matching import normal_email, normal_phone


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (" Ana.Reyes@Mail.Example\u200b", "ana.reyes@mail.example"),
        ("jose\u0301@mail.example", "josé@mail.example"),
        ("ana+visits@mail.example", "ana+visits@mail.example"),
        ("groß@mail.example", "groß@mail.example"),
        ("ana", None),
        ("ana@localhost", None),
        ("a@b@c.example", None),
        ("", None),
        (None, None),
        ("a" * 20_000 + "@mail.example", None),
    ],
)
def test_an_email_address(text: str | None, normal: str | None) -> None:
    assert normal_email(text) == normal


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("(02) 5550 0147", "AU", "+61255500147"),
        ("+61 (0)2 5550 0147", "AU", "+61255500147"),
        ("0061 2 5550 0147", "AU", "+61255500147"),
        ("0061 2 5550 0147", "US", "+61255500147"),
        ("770.555.0169", "US", "+17705550169"),
        ("1-770-555-0169", "us", "+17705550169"),
        ("770 555 0169 ext. 12", "US", "+17705550169"),
        ("\u202a+1 770 555 0169\u202c", "AU", "+17705550169"),
        ("٠٢٥٥٥٠٠١٤٧", "AU", "+61255500147"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("12", "AU", None),
        ("ask my wife", "AU", None),
        ("+999999999999999999", "AU", None),
        ("0255500147", "nowhere", None),
        ("", "AU", None),
        (None, "AU", None),
        ("1" * 20_000, "AU", None),
    ],
)
def test_a_phone_number(text: str | None, country: str, normal: str | None) -> None:
    assert normal_phone(text, country) == normal
