"""``staff add`` and ``staff reset-second-factor``."""

import argparse
import sys
from datetime import datetime

from sqlmodel import Session

from pencilin.accounts import passwords, second_factor
from pencilin.accounts.staff import add_staff, email_key, invited
from pencilin.catalogue import find_practice, read_catalogue
from pencilin.cli.surroundings import Commands, Environment, complain, opened_database, read_config, say
from pencilin.errors import BadSetting, Invalid, NotFound
from pencilin.mail import messages
from pencilin.models import Practice, Role


def add_commands(commands: Commands) -> None:
    """Adds it."""
    group = commands.add_parser("staff", help="people who sign in")
    kinds = group.add_subparsers(dest="what", required=True, metavar="WHAT")
    command = kinds.add_parser(
        "add",
        help="give somebody a place in a practice",
        description="Creates a staff member. Without a password, an invitation to choose one is mailed.",
    )
    command.add_argument("email", metavar="EMAIL")
    command.add_argument("--practice", required=True, metavar="SLUG")
    command.add_argument("--name", required=True, help="as colleagues say it")
    command.add_argument("--role", required=True, choices=[role.value for role in Role])
    command.add_argument("--practitioner", metavar="SLUG", help="whose calendar it is; the role practitioner needs it")
    command.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    command.set_defaults(run=_add)
    reset = kinds.add_parser(
        "reset-second-factor",
        help="switch off the second factor of somebody who lost it",
        description="Ends their sessions and tells them by mail. They can set up a new one after signing in.",
    )
    reset.add_argument("email", metavar="EMAIL")
    reset.set_defaults(run=_reset_second_factor)


def _add(chosen: argparse.Namespace, environ: Environment) -> int:
    config = read_config(environ)
    password_hash = _read_password(chosen.email) if chosen.password_stdin else None

    def add(session: Session, now: datetime) -> bool:
        try:
            practice = find_practice(session, chosen.practice)
        except NotFound:
            raise BadSetting(f"--practice: there is no practice {chosen.practice!r}.") from None
        practitioner_id = _practitioner(session, practice, chosen.practitioner) if chosen.practitioner else None
        role = Role(chosen.role)
        member = add_staff(session, practice, chosen.email, chosen.name, role, practitioner_id, password_hash, now)
        new = invited(session, practice.id, member.id)
        if new:
            messages.invitation(session, practice, member, new.email, now)
        return new is not None

    with opened_database(config, existing=True) as database:
        is_invited = database.write(add)
    if is_invited:
        say(f"Added {chosen.name}. An invitation to choose a password is on its way to {chosen.email}.")
        if config.smtp is None:
            complain("PENCILIN_SMTP_URL is not set: the invitation waits until it is.")
    else:
        say(f"Added {chosen.name}, who signs in as {email_key(chosen.email)}.")
    return 0


def _reset_second_factor(chosen: argparse.Namespace, environ: Environment) -> int:
    with opened_database(read_config(environ), existing=True) as database:
        database.write(lambda session, now: second_factor.reset_by_operator(session, chosen.email, now))
    say(f"The second factor of {email_key(chosen.email)} is off, and their sessions have ended.")
    return 0


def _read_password(email: str) -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        passwords.check_choice(password, email_key(email))
    except Invalid as error:
        raise BadSetting(f"--password-stdin: {error.fields['password']}") from None
    return passwords.hash_password(password)


def _practitioner(session: Session, practice: Practice, slug: str) -> str:
    practitioner = read_catalogue(session, practice).practitioner(slug)
    if practitioner is None:
        raise BadSetting(f"--practitioner: {practice.slug} has no practitioner {slug!r}.")
    return practitioner.id
