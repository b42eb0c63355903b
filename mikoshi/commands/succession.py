"""Seats given back: guardians for who loses a wallet, an heir for who falls silent."""

from __future__ import annotations

from pathlib import Path

import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Group
from mikoshi.text.json import plain
from mikoshi.text.language import _
from mikoshi.voting.signing_options import SigningOptions, signing_options


@click.group(cls=Group, epilog="succession status Hana")
def cli() -> None:
    """Name guardians, and get a seat back by them."""


@cli.command(epilog="succession plan --guardian Hana --guardian Ken --needed 2 --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@click.option(
    "--guardian",
    "guardians",
    metavar="WHO",
    multiple=True,
    help="Who may ask together, by number, name or address; up to 7 times.",
)
@click.option("--needed", type=int, help="How many of them ask together; default: 2.")
@click.option(
    "--delay",
    default="7 days",
    show_default=True,
    help="How long that waits, so that you can end it: 3 to 60 days.",
)
@click.option("--heir", metavar="WHO", help="Who comes after you.")
@click.option(
    "--silence", help="Without an act of yours, the heir may ask then: 180 to 1825 days; 730."
)
@signing_options
@deployments_option
@names_option
def plan(
    session: Session,
    guardians: tuple[str, ...],
    needed: int | None,
    delay: str,
    heir: str | None,
    silence: str | None,
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Name who gives your seat back if you lose your wallet, and who comes after you.

    The plan takes the place of the one before. By a transaction of --account; or by a signature in
    a file, as with `ape run vote`.
    """
    from mikoshi.succession.planning import TypedPlan
    from mikoshi.voting.seat_acts import make_plan, open_seats_of, typed_options

    context = open_seats_of(session, signing.wanted, deployments, names)
    typed = TypedPlan(guardians, needed, delay, heir, silence)
    options = typed_options(guardians, needed=needed, delay=delay, heir=heir, silence=silence)
    make_plan(context, signing, typed, session.command(f"succession plan {options}"))


def _ask(
    session: Session,
    member: str,
    wallet: str,
    words: tuple[str, ...],
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
    by_heir: bool,
) -> None:
    from mikoshi.voting.seat_acts import open_seats_of, person_called
    from mikoshi.voting.seat_asking import ask_for_seat
    from mikoshi.voting.signing_options import find_wallet

    context = open_seats_of(session, signing.wanted, deployments, names)
    person = person_called(context, member)
    ask_for_seat(context, signing, person, find_wallet(context, wallet), words, by_heir)


_wallet_option = click.option(
    "--wallet", required=True, metavar="0x…", help="The wallet that takes the seat."
)


@cli.command(epilog="succession recover Hana --wallet 0x… words/ --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("member", metavar="MEMBER")
@click.argument("words", nargs=-1, metavar="[WORDS]…")
@_wallet_option
@signing_options
@deployments_option
@names_option
def recover(
    session: Session,
    member: str,
    words: tuple[str, ...],
    wallet: str,
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Ask as guardians for the seat of MEMBER, who lost the wallet.

    With --sign-only each guardian, and the new wallet, signs their word. WORDS are the files, or a
    text with the pasted lines; once there are enough, --account sends them together. Talk to the
    person before you sign: by voice, not by chat.
    """
    _ask(session, member, wallet, words, signing, deployments, names, by_heir=False)


@cli.command(epilog="succession inherit Hana --wallet 0x… words/ --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("member", metavar="MEMBER")
@click.argument("words", nargs=-1, metavar="[WORDS]…")
@_wallet_option
@signing_options
@deployments_option
@names_option
def inherit(
    session: Session,
    member: str,
    words: tuple[str, ...],
    wallet: str,
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Ask as the heir for the seat of MEMBER, who has been silent for as long as they said.

    With --sign-only the heir, and the wallet that takes the seat, sign; WORDS are the files or the
    pasted lines, and --account sends them together. It waits 30 days, and any act ends it.
    """
    _ask(session, member, wallet, words, signing, deployments, names, by_heir=True)


@cli.command(epilog="succession veto --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@signing_options
@deployments_option
@names_option
def veto(
    session: Session, signing: SigningOptions, deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """End what is asked for your seat, and your plan with it.

    By a transaction of --account; or by a signature in a file, as with `ape run vote`.
    """
    from mikoshi.voting.seat_acts import end_request, open_seats_of

    end_request(open_seats_of(session, signing.wanted, deployments, names), signing)


@cli.command(epilog="succession finish Hana --account Aoi")
@takes(config=True, network=True, account=True, writes=True)
@click.argument("member", metavar="MEMBER")
@deployments_option
@names_option
def finish(
    session: Session, member: str, deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """Move the seat of MEMBER to the wallet that was asked for, once the delay is over."""
    from mikoshi.voting.seat_acts import finish_request, open_seats_of, person_called

    context = open_seats_of(session, False, deployments, names)
    finish_request(context, person_called(context, member))


@cli.command(epilog="succession status Hana")
@takes(config=True, network=True)
@click.argument("member", metavar="[MEMBER]", required=False)
@deployments_option
@names_option
def status(
    session: Session, member: str | None, deployments: Path | None, names: tuple[Path, ...]
) -> None:
    """Show plans and what is asked for: of MEMBER, or of everybody."""
    from mikoshi.succession.show import seat_json, show_seat
    from mikoshi.voting.seat_acts import open_seats_of, person_called
    from mikoshi.words.seats import open_seats

    context, out = open_seats_of(session, True, deployments, names), session.out
    rebuilt = context.rebuilt
    asked = {each.person.id: each for each in open_seats(rebuilt, context.now)}
    if member:
        people = [person_called(context, member)]
    else:
        known = rebuilt.succession.plans.keys() | asked.keys()
        people = [rebuilt.membership.members[number] for number in sorted(known)]
    for person in people:
        show_seat(context, out, person, asked.get(person.id))
    if not people:
        out.next_step(_("nobody has a plan; begin with"), session.command("succession plan --help"))
    seats = [seat_json(context, person, asked.get(person.id)) for person in people]
    out.emit(
        {"now": context.now, "succession": context.dao.succession_address} | plain({"seats": seats})
    )
