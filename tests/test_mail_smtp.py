"""Mail leaves encrypted and to a server that is who it says it is, or it stays (security row 14)."""

import asyncio
import ssl
from dataclasses import replace
from selectors import DefaultSelector
from typing import NamedTuple

import pytest
import trustme

from pencilin.config import SmtpServer
from pencilin.errors import BadSetting
from pencilin.mail import smtp
from pencilin.mail.smtp import Refused, ServerAway
from tests.post_office import post_office, silence
from tests.rig.machine import free_port

# aiosmtpd's: it doesn't know that a connection which was encrypted from the start is.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

SENDER, KIM = "booking@book.example.com", "kim.lee@mail.example"
RAW = b"From: booking@book.example.com\r\nTo: kim.lee@mail.example\r\nSubject: Hello\r\n\r\nHello\r\n"


class Authority(NamedTuple):
    """A certificate authority that we trust, and a server's certificate of it for 127.0.0.1."""

    ca: trustme.CA
    certificate: ssl.SSLContext


def served(ca: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert(*names).configure_cert(context)
    return context


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> Authority:
    ca = trustme.CA()
    context = ssl.create_default_context()
    ca.configure_trust(context)
    monkeypatch.setattr(smtp, "trusted", lambda: context)
    return Authority(ca, served(ca, "127.0.0.1"))


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "STEP", 0.3)


def send(server: SmtpServer) -> None:
    selector = DefaultSelector()

    async def and_hang_up() -> None:
        own = len(selector.get_map())
        try:
            await smtp.send(server, SENDER, KIM, RAW)
        finally:
            while len(selector.get_map()) > own:  # in which a running server's loop closes what was hung up
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        runner.run(and_hang_up())


def why(server: SmtpServer) -> str:
    """What is said of a server that can't be used."""
    with pytest.raises(ServerAway) as caught:
        send(server)
    return str(caught.value)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("sign_in", [False, True])
def test_mail_leaves_encrypted(authority: Authority, security: str, sign_in: bool) -> None:
    with post_office(security, authority.certificate, sign_in=sign_in) as office:
        send(office.address)
    assert office.recipients() == [KIM]
    assert office.encrypted == [True]


def test_on_this_machine_it_may_leave_plain() -> None:
    with post_office("plain") as office:
        send(office.address)
    assert office.recipients() == [KIM]


def test_plain_is_for_this_machine_only() -> None:
    with pytest.raises(BadSetting):
        send(SmtpServer("mail.example", 25, "plain"))


@pytest.mark.parametrize("sign_in", [False, True])
def test_a_server_without_encryption_gets_neither_mail_nor_password(authority: Authority, sign_in: bool) -> None:
    with post_office("starttls", certificate=None, sign_in=sign_in) as office:
        assert "no encryption" in why(office.address)
    assert (office.mails, office.tries) == ([], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_nobody_we_trust_gets_nothing(authority: Authority, security: str) -> None:
    with post_office(security, served(trustme.CA(), "127.0.0.1")) as office:
        assert why(office.address) == "The mail server's certificate isn't valid for its name."
    assert office.tries == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_gets_nothing(authority: Authority, security: str) -> None:
    with post_office(security, served(authority.ca, "mail.example")) as office:
        assert why(office.address) == "The mail server's certificate isn't valid for its name."
    assert office.tries == []


def test_encryption_from_the_start_is_not_given_up_for_plain_text(authority: Authority) -> None:
    with post_office("plain") as office:
        assert "encryption" in why(replace(office.address, security="tls"))
    assert office.tries == []


def test_a_wrong_password_is_the_server_s_matter_not_the_mail_s(authority: Authority) -> None:
    with post_office("starttls", authority.certificate, sign_in=True) as office:
        said = why(replace(office.address, password="wrong"))
    assert said == "The mail server refused our user name or password (535)."


def test_nobody_there() -> None:
    assert why(SmtpServer("127.0.0.1", free_port(), "plain")) == "The mail server can't be reached."


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example ESMTP\r\n"])
def test_a_server_that_accepts_and_never_answers_is_left(hurried: None, greeting: bytes) -> None:
    with silence(greeting) as server:
        assert why(server) == "The mail server doesn't answer."


@pytest.mark.parametrize(
    ("answer", "for_good"),
    [
        ("451 4.3.0 <kim.lee@mail.example> later, please", False),
        ("450 greylisted kim.lee@mail.example", False),
        ("550 5.1.1 <kim.lee@mail.example>: unknown", True),
        ("553 no such mailbox: kim.lee@mail.example", True),
        ("550 5.7.1 relaying denied for kim.lee@mail.example", False),
    ],
)
@pytest.mark.parametrize("where", ["on_recipient", "on_mail"])
def test_a_refusal_says_whether_to_try_again_and_no_address(answer: str, for_good: bool, where: str) -> None:
    with post_office() as office:
        setattr(office, where, lambda recipient: answer)
        with pytest.raises(Refused) as caught:
            send(office.address)
    assert caught.value.for_good is for_good
    assert answer[:3] in str(caught.value)
    assert "kim" not in str(caught.value)
    assert len(str(caught.value)) < 80


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ("on_sender", "550 5.7.1 you may not send"),
        ("on_sender", "452 4.3.1 disk full"),
        ("on_recipient", "421 4.3.2 shutting down"),
        ("on_recipient", "530 5.7.0 sign in first"),
    ],
)
def test_what_concerns_every_mail_is_the_server_s_matter(where: str, answer: str) -> None:
    with post_office() as office:
        setattr(office, where, lambda address: answer)
        assert answer[:3] in why(office.address)


def test_a_server_that_stops_in_the_middle_of_a_mail_holds_up_that_mail_only() -> None:
    with post_office() as office:
        office.on_mail = lambda recipient: "not an answer at all"
        with pytest.raises(Refused) as caught:
            send(office.address)
    assert not caught.value.for_good


def test_a_mail_that_was_taken_has_left_however_long_the_goodbye_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "FAREWELL", 0.1)
    with post_office() as office:
        office.farewell = 3600.0
        send(office.address)
    assert office.recipients() == [KIM]
