"""A manager who lost phone and recovery codes is helped by whoever runs the server."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from pencilin.accounts import second_factor
from pencilin.database import Database
from pencilin.errors import Conflict, NotFound
from pencilin.models import Account, AuditEntry, Outbox
from tests.staff_site import Site, site

MONA = "mona@willow.example"


@pytest.fixture
def here(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site(Database(sqlite_url), monkeypatch)


def reset(here: Site, email: str) -> None:
    here.database.write(lambda session, now: second_factor.reset_by_operator(session, email, now))


def test_sign_in_asks_for_no_code_any_more_and_it_is_told_and_recorded(here: Site) -> None:
    def switch_on(session: Session, now: datetime) -> None:
        account = session.get_one(Account, here.cast.mona.account_id)
        account.totp_secret, account.totp_confirmed_at = "JBSWY3DPEHPK3PXP", now

    here.database.write(switch_on)
    assert here.browser().sign_in(MONA).headers["location"] != "/calendar"
    reset(here, MONA)
    assert here.browser().sign_in(MONA).headers["location"] == "/calendar"
    with here.database.read() as session:
        mail = session.exec(select(Outbox).where(Outbox.kind == "second_factor_reset")).one()
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "staff.second_factor_reset")).one()
    assert mail.recipient == MONA and entry.staff_id is None


def test_where_there_is_nothing_to_do_it_says_so(here: Site) -> None:
    with pytest.raises(Conflict, match="off already"):
        reset(here, MONA)
    with pytest.raises(NotFound, match="Nobody signs in"):
        reset(here, "nobody@willow.example")
