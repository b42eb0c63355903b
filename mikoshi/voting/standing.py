"""A member's own steps: to wake, to rest, to leave, to come back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from mikoshi.ballots.messages import Message, membership_message
from mikoshi.context.sending import ask_and_send, receipt_json
from mikoshi.replay.member import Member, Standing
from mikoshi.text.errors import BadInputError
from mikoshi.text.json import entries_of
from mikoshi.text.language import N_, _
from mikoshi.text.people import short
from mikoshi.text.units import DAY
from mikoshi.voting.signing_options import write_signed_act
from mikoshi.words import standing_word

if TYPE_CHECKING:
    from mikoshi.cli.session import Session
    from mikoshi.context.context import Context
    from mikoshi.voting.signing_options import SigningOptions
import click

from mikoshi.cli.options import deployments_option, names_option
from mikoshi.cli.session import Session, takes
from mikoshi.cli.usage import Command
from mikoshi.voting.signing_options import SigningOptions, signing_options

_GOOD_FOR = 7 * DAY
"""How long a signed step is good unless said otherwise."""

_MEMBERS = (Standing.ACTIVE, Standing.DORMANT, Standing.NEWCOMER, Standing.ABSENT)
_GONE = (Standing.EXITED, Standing.BARRED)


class StandingStep(NamedTuple):
    """A step: the standings that it leads to, whether it accepts the charter, what it means."""

    reached: tuple[Standing, ...]
    accepts: bool
    means: str


STEPS = {
    "Wake": StandingStep((Standing.ACTIVE,), True, N_("{who} wakes up and is counted again")),
    "Rest": StandingStep(
        (Standing.DORMANT, Standing.ABSENT),
        False,
        N_("{who} rests: stays a member, and has no voice until waking"),
    ),
    "Exit": StandingStep(
        _GONE,
        False,
        N_("{who} leaves: the ticket is burned, number, merit and history stay"),
    ),
    "Rejoin": StandingStep(
        _MEMBERS,
        True,
        N_("{who} comes back as a newcomer, with the same number, and has no voice for a season"),
    ),
}
"""The signed messages of the Membership that concern nobody else."""


@dataclass(frozen=True)
class StandingChange:
    """A step of one member; `accepted` is the hash of the charter that it accepts."""

    kind: str
    person: Member
    who: str
    accepted: bytes | None
    json: ClassVar[str] = "member=person.id standing=person.standing done charter=accepted"

    @property
    def done(self) -> bool:
        """Whether there is nothing to do."""
        return self.person.standing in STEPS[self.kind].reached

    @property
    def args(self) -> list[bytes]:
        """The arguments of the Membership's function."""
        return [] if self.accepted is None else [self.accepted]


def take_step(
    session: Session,
    kind: str,
    signing: SigningOptions,
    deployments: Path | None,
    names: tuple[Path, ...],
) -> None:
    """Say what a step means, ask, and send it or put it on paper.

    Raises BadInputError for somebody who never was a member, NotNowError where the rules forbid
    it, and what the chain raises.
    """
    from mikoshi.context.context import Context
    from mikoshi.context.sending import open_context

    opened = Context.open if signing.wanted else open_context  # a signature waits for nothing
    context, out = opened(session, deployments, names), session.out
    plan = _plan(context, kind, signing.wallet(context))
    membership, step = context.dao.membership, STEPS[kind]
    if plan.done:
        standing = standing_word(plan.person.standing.name.lower())
        out.good(
            _("{who} is {standing} already; nothing was sent", who=plan.who, standing=standing)
        )
        out.emit(entries_of(plan) | receipt_json(None))
        return
    out.say(_(step.means, who=plan.who), style="bold")
    if plan.accepted is not None:
        out.say(_charter(context, plan.accepted))
    membership.call(kind.lower(), *plan.args, sender=plan.person.wallet)
    if signing.wanted:
        made = write_signed_act(
            context,
            signing,
            _message(context, plan, signing),
            plan.person,
            _again(session, kind),
            None,
        )
        out.emit(entries_of(plan) | made)
        return
    receipt = ask_and_send(session, membership, kind.lower(), *plan.args)
    if receipt is not None:
        out.good(_("done, {gas:,} gas", gas=receipt.gas))
        out.next_step("", session.command(f"power {plan.person.wallet}"))
    out.emit(entries_of(plan) | receipt_json(receipt))


def _plan(context: Context, kind: str, wallet: str) -> StandingChange:
    person = context.rebuilt.membership.member_at(wallet)
    if person is None:
        raise BadInputError(
            "step.of-a-stranger",
            N_("{wallet} never was a member"),
            N_("only a member can do this"),
            N_("Name a member's account with --account, or their wallet with --signer"),
            wallet=short(wallet),
        )
    accepted = context.dao.membership.call("charterHash") if STEPS[kind].accepts else None
    return StandingChange(kind, person, context.book.show(wallet), accepted)


def _charter(context: Context, accepted: bytes) -> str:
    text, uri = f"0x{accepted.hex()}", context.rebuilt.membership.charter_uri
    if uri:
        return _("this accepts the charter {charter}, to be read at {uri}", charter=text, uri=uri)
    return _("this accepts the charter {charter}", charter=text)


def _message(context: Context, plan: StandingChange, signing: SigningOptions) -> Message:
    membership, wallet = context.dao.membership, plan.person.wallet
    charter = {} if plan.accepted is None else {"charterHash": plan.accepted}
    return membership_message(
        plan.kind,
        context.session.chain_id,
        membership.address,
        account=wallet,
        nonce=membership.call("nonces", wallet),
        deadline=context.end(signing.until, context.now + _GOOD_FOR),
        **charter,
    )


def _again(session: Session, kind: str) -> str:
    return session.command(kind.lower())


def step_command(kind: str, text: str) -> click.Command:
    """The command for one of `mikoshi.voting.standing.STEPS`; `text` says what it does."""
    ways = N_("By a transaction of --account; or by a signature in a file, as with `ape run vote`.")

    @click.command(cls=Command, help=f"{text}\n\n{ways}", epilog=f"{kind.lower()} --account Ken")
    @takes(config=True, network=True, account=True, writes=True)
    @signing_options
    @deployments_option
    @names_option
    def cli(
        session: Session, signing: SigningOptions, deployments: Path | None, names: tuple[Path, ...]
    ) -> None:
        from mikoshi.voting.standing import take_step

        take_step(session, kind, signing, deployments, names)

    return cli
