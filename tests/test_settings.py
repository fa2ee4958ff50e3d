"""Settings: each wrong value stops the start with one line that names the variable and what it should be."""

import pytest

from pencilin import config
from pencilin.config import Config, SmtpServer
from pencilin.errors import BadSetting

KEY = "a key that is long enough and only for tests"
OTHER_KEY = "another key, just as long, and only for tests"
SERVED_AT = "http://127.0.0.1:8000"


def load(**settings: str) -> Config:
    given = {"PENCILIN_SECRET_KEYS": KEY} | settings
    read, warnings = config.load(given, served_at=SERVED_AT)
    assert warnings == []
    return read


def test_only_a_key_is_needed() -> None:
    read = load()
    assert read.database_url == "sqlite:///pencilin.db"
    assert read.base_url == SERVED_AT
    assert (read.smtp, read.mail_from, read.trusted_proxies) == (None, None, ())
    assert (read.log, read.limits, read.secure) == ("text", True, False)


def test_every_setting_is_read() -> None:
    read = load(
        PENCILIN_DATABASE_URL="postgresql://ana:secret@db.example/pencilin",
        PENCILIN_SECRET_KEYS=f"{KEY}, {OTHER_KEY.replace(',', ';')}",
        PENCILIN_BASE_URL="https://book.willow.example/",
        PENCILIN_SMTP_URL="smtp://willow:p%40ss@mail.example",
        PENCILIN_MAIL_FROM="booking@willow.example",
        PENCILIN_TRUSTED_PROXIES="10.0.0.1, fd00::/8",
        PENCILIN_LOG="json",
        PENCILIN_LIMITS="off",
    )
    assert read.secret_keys == (KEY, OTHER_KEY.replace(",", ";"))
    assert read.base_url == "https://book.willow.example"
    assert (read.host, read.secure) == ("book.willow.example", True)
    assert read.smtp == SmtpServer("mail.example", 587, "starttls", "willow", "p@ss")
    assert read.trusted_proxies == ("10.0.0.1/32", "fd00::/8")
    assert (read.log, read.limits) == ("json", False)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example", SmtpServer("mail.example", 465, "tls")),
        ("smtp://mail.example:2587", SmtpServer("mail.example", 2587, "starttls")),
        ("smtp+plain://127.0.0.1:2525", SmtpServer("127.0.0.1", 2525, "plain")),
        ("smtp+plain://[::1]:2525", SmtpServer("::1", 2525, "plain")),
    ],
)
def test_mail_servers(url: str, server: SmtpServer) -> None:
    assert load(PENCILIN_SMTP_URL=url, PENCILIN_MAIL_FROM="booking@willow.example").smtp == server


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("https://book.willow.example:443", "https://book.willow.example"),
        ("https://book.willow.example:80", "https://book.willow.example:80"),
        ("https://book.willow.example:8443/", "https://book.willow.example:8443"),
        ("HTTPS://Book.Willow.Example", "https://book.willow.example"),
        ("https://termine.weidenhöfe.example", "https://termine.xn--weidenhfe-67a.example"),
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[0:0::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_base_url_names_its_host_as_browsers_do(given: str, sent: str) -> None:
    assert load(PENCILIN_BASE_URL=given).base_url == sent


def test_so_does_the_address_that_is_served_at() -> None:
    read, _ = config.load({"PENCILIN_SECRET_KEYS": KEY, "PENCILIN_BASE_URL": " "}, served_at="http://127.0.0.1:80")
    assert read.base_url == "http://127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value", "should"),
    [
        ("PENCILIN_DATABASE_URL", "mysql://x/y", "sqlite:///FILE or postgresql://"),
        ("PENCILIN_DATABASE_URL", "sqlite:///", "sqlite:///FILE or postgresql://"),
        ("PENCILIN_DATABASE_URL", "postgresql://host", "sqlite:///FILE or postgresql://"),
        ("PENCILIN_DATABASE_URL", "postgresql://127.0.0.1:bad/x", "sqlite:///FILE or postgresql://"),
        ("PENCILIN_DATABASE_URL", "postgresql://[::1/x", "sqlite:///FILE or postgresql://"),
        ("PENCILIN_DATABASE_URL", "sqlite://host/x", "sqlite:///FILE or postgresql://"),
        ("PENCILIN_SECRET_KEYS", "short", "`pencilin keys new`"),
        ("PENCILIN_SECRET_KEYS", "a" * 40, "`pencilin keys new`"),
        ("PENCILIN_SECRET_KEYS", f"{KEY},secret", "`pencilin keys new`"),
        ("PENCILIN_SECRET_KEYS", " , ", "`pencilin keys new`"),
        ("PENCILIN_BASE_URL", "book.willow.example", "https://book.example.com"),
        ("PENCILIN_BASE_URL", "https://book.willow.example/path", "without a path"),
        ("PENCILIN_BASE_URL", "https://book.willow.example/?x", "without a path, query"),
        ("PENCILIN_BASE_URL", "https://book.willow.example#x", "without a path, query"),
        ("PENCILIN_BASE_URL", "https://ana:secret@book.willow.example", "password"),
        ("PENCILIN_BASE_URL", "http://book.willow.example", "https://"),
        ("PENCILIN_BASE_URL", "https://", "https://book.example.com"),
        ("PENCILIN_BASE_URL", "https://book willow.example", "as browsers send it"),
        ("PENCILIN_BASE_URL", "https://book..example", "as browsers send it"),
        ("PENCILIN_BASE_URL", "https://[1:2]", "PENCILIN_BASE_URL"),
        ("PENCILIN_BASE_URL", "https://straße.example", "xn--"),
        ("PENCILIN_BASE_URL", "https://book.willow.example:port", "check the port"),
        ("PENCILIN_SMTP_URL", "mail.example", "smtp://USER:PASSWORD@HOST:587"),
        ("PENCILIN_SMTP_URL", "smtp+plain://mail.example:25", "this machine only"),
        ("PENCILIN_MAIL_FROM", "Willow <booking@willow.example>", "bare email address"),
        ("PENCILIN_MAIL_FROM", "booking", "bare email address"),
        ("PENCILIN_TRUSTED_PROXIES", "10.0.0.1, proxy", "'proxy' is no IP address"),
        ("PENCILIN_LOG", "xml", "text or json"),
        ("PENCILIN_LIMITS", "no", "on or off"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(name: str, value: str, should: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load(**{name: value})
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{name}")
    assert should in line


def test_mail_needs_a_sender() -> None:
    with pytest.raises(BadSetting, match=r"^PENCILIN_MAIL_FROM: "):
        load(PENCILIN_SMTP_URL="smtp://mail.example")


def test_no_message_repeats_a_secret() -> None:
    for name, value in (
        ("PENCILIN_SECRET_KEYS", "hunter2"),
        ("PENCILIN_DATABASE_URL", "mysql://ana:hunter2@x/y"),
        ("PENCILIN_DATABASE_URL", "postgresql://ana:hunter2@x:port/y"),
        ("PENCILIN_BASE_URL", "https://ana:hunter2@book.willow.example"),
        ("PENCILIN_SMTP_URL", "smpt://ana:hunter2@mail.example"),
    ):
        with pytest.raises(BadSetting) as caught:
            load(**{name: value})
        assert "hunter2" not in str(caught.value)


def test_an_unknown_name_is_warned_about_with_the_nearest() -> None:
    given = {"PENCILIN_SECRET_KEYS": KEY, "PENCILIN_BASEURL": "x", "PENCILIN_PORT_8000_TCP": "y", "OTHER": "z"}
    _, warnings = config.load(given, served_at=SERVED_AT)
    assert warnings[0] == "PENCILIN_BASEURL is not a setting of Pencilin; did you mean PENCILIN_BASE_URL?"
    assert len(warnings) == 2


def test_every_setting_explains_itself() -> None:
    for setting in config.SETTINGS:
        assert setting.name.startswith(config.PREFIX)
        assert setting.help.endswith((".", "`"))
