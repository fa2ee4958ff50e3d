"""Nobody's text becomes a header (security row 13): read back as the wire carries it."""

from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pencilin.mail import headers
from pencilin.mail.headers import Unsendable, as_bytes, headed
from tests.cast import NOW

KIM = "kim.lee@mail.example"
WICKED = (
    "=?utf-8?q?x=0D=0ABcc:=20evil@mail.example?=",
    "=?utf-8?b?eA0KQmNjOiBldmlsQG1haWwuZXhhbXBsZQ==?=",
    "Willow =?utf-8?q?=0D=0A=0D=0A<h1>Not_ours</h1>?=",
    "Büro =?utf-8?q?x=0D=0ABcc:_evil@mail.example?=",
    "Willow\r\nBcc: evil@mail.example",
    "Willow\u2028Bcc: evil@mail.example",
    "w" * 100 + " " + "x" * 80,
    'Willow" <evil@mail.example>, "',
    "Willow, Nutrition (Inc.); <a@b>: @",
    "\\",
    "é" * 200,
    "営業" * 90,
    "😀" * 40,
)


def mail(name: str = "Willow", subject: str = "Confirmed", recipient: str = KIM) -> EmailMessage:
    message = headed(
        sender="booking@book.example.com",
        name=name,
        recipient=recipient,
        reply_to="hello@willow.example",
        subject=subject,
        message_id="0" * 32,
        now=NOW,
    )
    message.set_content("Hello")
    return message


def names_on_the_wire(raw: bytes) -> list[str]:
    """The headers as a plain reader of lines finds them."""
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    return [line.partition(":")[0].lower() for line in head.split("\r\n") if line[:1] not in " \t"]


EXPECTED = [
    "auto-submitted",
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "reply-to",
    "subject",
    "to",
    "x-auto-response-suppress",
]


@pytest.mark.parametrize("text", WICKED)
def test_a_practice_s_name_and_a_subject_add_no_header(text: str) -> None:
    raw = as_bytes(mail(name=text, subject=text), KIM)
    assert sorted(names_on_the_wire(raw)) == EXPECTED
    assert raw.endswith(b"\r\n\r\nHello\r\n")
    read = message_from_bytes(raw, policy=policy.default)
    assert read["From"].addresses[0].addr_spec == "booking@book.example.com"
    assert read["To"].addresses == (Address(addr_spec=KIM),)


PIECES = st.one_of(st.sampled_from(WICKED), st.text(max_size=30), st.text('=?\r\n "()<>,;é', max_size=5))


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=5).map("".join), st.lists(PIECES, max_size=5).map("".join))
def test_no_name_or_subject_at_all_adds_a_header(name: str, subject: str) -> None:
    assert sorted(names_on_the_wire(as_bytes(mail(name, subject), KIM))) == EXPECTED


def test_even_without_that_care_no_header_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "plain", lambda text: text)
    message = mail(name=WICKED[0])
    if "bcc" in names_on_the_wire(message.as_bytes(policy=headers.POLICY)):  # as later Pythons have it
        with pytest.raises(Unsendable):
            as_bytes(message, KIM)
    else:
        assert sorted(names_on_the_wire(as_bytes(message, KIM))) == EXPECTED


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?x=0D=0ABcc=3A_evil?=@mail.example",
        "kim@mail.example\r\nBcc: evil@mail.example",
        "kim@mail.example, evil@mail.example",
        '"kim\r\nBcc: evil"@mail.example',
        "Kim <kim@mail.example>",
        "kim lee@mail.example",
        "kim",
        "@mail.example",
        "",
    ],
)
def test_what_is_no_bare_address_gets_no_mail(address: str) -> None:
    with pytest.raises(Unsendable):
        as_bytes(mail(recipient=address), address)


@pytest.mark.parametrize(
    "address",
    [KIM, "o'neil+tag!#$%&*/^_`{|}~-@mail.example", f"{'k' * 64}@{'m' * 60}.{'n' * 60}.example", "k@xn--mnchen-3ya.de"],
)
def test_every_real_address_does(address: str) -> None:
    raw = as_bytes(mail(recipient=address), address)
    assert message_from_bytes(raw, policy=policy.default)["To"].addresses[0].addr_spec == address


def test_ordinary_names_are_left_as_they_are() -> None:
    for name in ("Willow Nutrition", "Praxis Müller & Söhne", "شركاء", "Dr. O'Neil, Inc.", "営業時間"):
        read = message_from_bytes(as_bytes(mail(name=name), KIM), policy=policy.default)
        assert read["From"].addresses[0].display_name == name
