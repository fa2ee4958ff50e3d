"""Other times at the front desk, in the fewest words: proposed, withdrawn, and answered by the client."""

from datetime import timedelta

from sqlmodel import col, select

from pencilin import review
from pencilin.models import Appointment, Claim, Reservation
from pencilin.review import Time
from pencilin.rules.states import Purpose
from tests.cast import NINE, Willow
from tests.desk import Desk


def time(cast: Willow, hours: float, *, ben: bool = False) -> Time:
    """So many hours after nine on Tuesday, with Ana or Ben."""
    return Time(NINE + timedelta(hours=hours), (cast.ben if ben else cast.ana).id, cast.main_street.id)


def propose(desk: Desk, asked: str, *hours: float, insist: bool = False) -> None:
    times = [time(desk.cast, one) for one in hours]
    revision = desk.look(asked).revision
    desk.do(
        lambda session: review.propose(
            session, desk.cast.dana, asked, times, revision, desk.now, despite_conflicts=insist
        )
    )


def withdraw(desk: Desk, asked: str) -> None:
    revision = desk.look(asked).revision
    desk.do(lambda session: review.withdraw(session, desk.cast.dana, asked, revision, desk.now))


def held(desk: Desk, asked: str) -> list[Reservation]:
    with desk.database.read() as session:
        of = select(Reservation).where(Reservation.appointment_id == asked, Reservation.purpose == Purpose.PROPOSED)
        return list(session.exec(of.order_by(col(Reservation.start))))


def accept(desk: Desk, asked: str, time_id: str) -> None:
    desk.do(
        lambda session: review.accept(
            session, session.get_one(Appointment, (desk.cast.practice.id, asked)), time_id, desk.now
        )
    )


def refuse(desk: Desk, asked: str) -> None:
    desk.do(
        lambda session: review.refuse(session, session.get_one(Appointment, (desk.cast.practice.id, asked)), desk.now)
    )


def claimed(desk: Desk) -> set[tuple[str, int]]:
    with desk.database.read() as session:
        return {(one.reservation_id, one.tick) for one in session.exec(select(Claim))}
