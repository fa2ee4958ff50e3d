"""Remembered devices: browsers on which a link from a mail needs no password, for thirty days or until revoked."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, or_, select

from pencilin.accounts.sessions import new_secret, stored
from pencilin.models import Practice, RememberedDevice, SignedIn, Staff

LASTS = timedelta(days=30)


def remember_device(session: Session, account_id: str, label: str, earlier: str, now: datetime) -> str:
    """Remembers a browser and gives its cookie's value, which is stored nowhere.

    ``earlier`` is the value that the browser has so far, if any: one browser is one device, of one account.
    """
    over = or_(col(RememberedDevice.id) == stored(earlier), col(RememberedDevice.expires_at) <= now)
    session.exec(delete(RememberedDevice).where(over))
    secret = new_secret()
    session.add(
        RememberedDevice(id=stored(secret), account_id=account_id, label=label, created_at=now, expires_at=now + LASTS)
    )
    return secret


def devices(session: Session, account_id: str, now: datetime) -> list[RememberedDevice]:
    """The browsers that are remembered for an account, newest first."""
    rows = session.exec(
        select(RememberedDevice)
        .where(RememberedDevice.account_id == account_id, col(RememberedDevice.expires_at) > now)
        .order_by(col(RememberedDevice.created_at).desc())
    )
    return list(rows)


def forget_device(session: Session, account_id: str, device_id: str, now: datetime) -> None:
    """Revokes one of the account's devices; another account's are left alone."""
    for device in devices(session, account_id, now):
        if device.id == device_id:
            session.delete(device)


def sign_out_everywhere(session: Session, account_id: str) -> None:
    """Ends every session of the account and forgets every device."""
    session.exec(delete(SignedIn).where(col(SignedIn.account_id) == account_id))
    session.exec(delete(RememberedDevice).where(col(RememberedDevice.account_id) == account_id))


def forget_all(session: Session, practice_id: str) -> None:
    """Forgets the devices of everybody in a practice."""
    accounts = select(Staff.account_id).where(Staff.practice_id == practice_id)
    session.exec(delete(RememberedDevice).where(col(RememberedDevice.account_id).in_(accounts)))


def addressee(
    session: Session, secret: str, practice_id: str, staff_id: str, now: datetime
) -> tuple[Staff, Practice] | None:
    """The staff member a link was made for, if this browser is remembered as theirs and they are still active."""
    return session.exec(
        select(Staff, Practice)
        .join(Practice, col(Practice.id) == Staff.practice_id)
        .join(RememberedDevice, col(RememberedDevice.account_id) == Staff.account_id)
        .where(
            RememberedDevice.id == stored(secret),
            col(RememberedDevice.expires_at) > now,
            Staff.practice_id == practice_id,
            Staff.id == staff_id,
            col(Staff.disabled_at).is_(None),
            col(Practice.devices_allowed).is_(True),
        )
    ).first()
