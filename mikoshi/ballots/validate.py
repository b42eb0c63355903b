"""What can be said against a signed message before it is sent, without a chain."""

from __future__ import annotations

from collections.abc import Iterator

from mikoshi.ballots.messages import BALLOTS, OF_A_LINK, Message
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.words import proposal_word
from mikoshi.text.errors import ProblemError
from mikoshi.text.language import N_
from mikoshi.text.people import short
from mikoshi.text.units import format_time


def problems(
    signed: Signed,
    *,
    now: int | None,
    chain_id: int,
    contract: str,
    proposal_id: int | None = None,
    by_account: bool = False,
) -> list[ProblemError]:
    """Why the `contract` on `chain_id` would not take it at `now` (Unix seconds; None: in time).

    Empty if nothing is known against it. With a `proposal_id`, ballots on others are refused.
    Whether the signer has a voice, and the signature of a contract account, only the chain knows:
    `by_account` says that the account answers for it.
    """
    found = list(_problems(signed, chain_id, contract, proposal_id))
    if now is not None:
        found += expired(signed.message, now)
    return found + list(_signature_problems(signed, by_account))


def expired(message: Message, now: int) -> Iterator[ProblemError]:
    """What says that its time is over."""
    deadline = message.values.get("deadline")
    if deadline is not None and deadline < now:
        until, present = format_time(deadline, now), format_time(now, now)
        yield ProblemError(
            "ballot.expired", N_("valid until {until}, now {now}"), until=until, now=present
        )


def misdirected(message: Message, chain_id: int, contract: str) -> Iterator[ProblemError]:
    """What says that it is for another chain, or for another contract than `contract`."""
    if message.chain_id != chain_id:
        yield ProblemError(
            "ballot.for-another-chain",
            N_("signed for chain {chain}, this is chain {here}"),
            chain=message.chain_id,
            here=chain_id,
        )
    if message.contract != contract:
        yield ProblemError(
            "ballot.for-another-dao",
            N_("signed for another DAO: {part} {contract}"),
            part=message.home,
            contract=short(message.contract),
        )


def _problems(
    signed: Signed, chain_id: int, contract: str, proposal_id: int | None
) -> Iterator[ProblemError]:
    message = signed.message
    yield from misdirected(message, chain_id, contract)
    if message.kind in OF_A_LINK:
        yield ProblemError(
            "ballot.part-of-a-link",
            N_("it belongs into the link of an invitation, and is not sent by itself"),
        )
    number = message.values.get("proposalId")
    if proposal_id is not None and number is not None and number != proposal_id:
        yield ProblemError(
            "ballot.on-another-proposal",
            N_("on another one: {proposal}"),
            proposal=proposal_word(number),
        )
    if message.values.get("support", 0) > 2:
        yield ProblemError(
            "ballot.unknown-support",
            N_("support {support} is neither Against (0), For (1) nor Abstain (2)"),
            support=message["support"],
        )
    if message.values.get("params"):
        yield ProblemError("ballot.has-parameters", N_("it has parameters, which no ballot has"))


def _signature_problems(signed: Signed, by_account: bool) -> Iterator[ProblemError]:
    message = signed.message
    if message.kind in BALLOTS:
        if not 0 < signed.member < 2**24:
            yield ProblemError(
                "ballot.no-member-number",
                N_("{member} is no member number"),
                member=signed.member,
            )
        if message["deadline"] >= 2**40:
            yield ProblemError(
                "ballot.deadline-too-late",
                N_("its deadline does not fit into a batch"),
                deadline=message["deadline"],
            )
    named = message.signer or signed.signer
    if named != signed.signer:
        yield ProblemError(
            "ballot.in-another-name",
            N_("made in the name of {named}, signed by {signer}"),
            named=short(named),
            signer=short(signed.signer),
        )
    if message.kind != "AccountBallot" and not by_account and not signed.is_of_signer:
        yield ProblemError(
            "ballot.signature-of-another",
            N_("the signature is not that of {signer}"),
            signer=short(signed.signer),
        )
