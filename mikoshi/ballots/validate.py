"""What can be said against a signed message before it is sent, without a chain."""

from __future__ import annotations

from collections.abc import Iterator

from mikoshi.ballots.messages import BALLOTS, Message
from mikoshi.ballots.signed import Signed
from mikoshi.ballots.words import proposal_word
from mikoshi.text.language import _
from mikoshi.text.people import short
from mikoshi.text.units import format_time

_SIGNER = ("voter", "proposer", "account")  # the field that names who signs


def problems(
    signed: Signed,
    *,
    now: int | None,
    chain_id: int,
    contract: str,
    proposal_id: int | None = None,
    by_account: bool = False,
) -> list[str]:
    """Why the `contract` on `chain_id` would not take it at `now` (Unix seconds; None: in time).

    Empty if nothing is known against it. With a `proposal_id`, ballots on others are refused.
    Whether the signer has a voice, and the signature of a contract account, only the chain knows:
    `by_account` says that the signer is one.
    """
    found = list(_problems(signed, chain_id, contract, proposal_id))
    if now is not None:
        found += expired(signed.message, now)
    return found + list(_signature_problems(signed, by_account))


def expired(message: Message, now: int) -> Iterator[str]:
    """What says that its time is over."""
    deadline = message.values.get("deadline")
    if deadline is not None and deadline < now:
        until, present = format_time(deadline, now), format_time(now, now)
        yield _("valid until {until}, now {present}", until=until, present=present)


def misdirected(message: Message, chain_id: int, contract: str) -> Iterator[str]:
    """What says that it is for another chain, or for another contract than `contract`."""
    if message.chain_id != chain_id:
        yield _(
            "signed for chain {chain_id}, this is chain {chain_id2}",
            chain_id=message.chain_id,
            chain_id2=chain_id,
        )
    if message.contract != contract:
        yield _(
            "signed for another DAO: {home} {contract}",
            home=message.home,
            contract=short(message.contract),
        )


def _problems(
    signed: Signed, chain_id: int, contract: str, proposal_id: int | None
) -> Iterator[str]:
    message = signed.message
    yield from misdirected(message, chain_id, contract)
    number = message.values.get("proposalId")
    if proposal_id is not None and number is not None and number != proposal_id:
        yield _("on another one: {proposal_word}", proposal_word=proposal_word(number))
    if message.values.get("support", 0) > 2:
        yield _(
            "support {support} is neither Against (0), For (1) nor Abstain (2)",
            support=message["support"],
        )
    if message.values.get("params"):
        yield _("it has parameters, which no ballot has")


def _signature_problems(signed: Signed, by_account: bool) -> Iterator[str]:
    message = signed.message
    if message.kind in BALLOTS:
        if not 0 < signed.member < 2**24:
            yield _("{member} is no member number", member=signed.member)
        if message["deadline"] >= 2**40:
            yield _("its deadline does not fit into a batch")
    names = (message.values[field] for field in _SIGNER if field in message.values)
    named = next(names, signed.signer)
    if named != signed.signer:
        yield _(
            "made in the name of {named}, signed by {signer}",
            named=short(named),
            signer=short(signed.signer),
        )
    by_account = by_account and message.kind != "MemberBallot"  # which recovers the signer
    if message.kind != "AccountBallot" and not by_account and not signed.is_of_signer:
        yield _("the signature is not that of {signer}", signer=short(signed.signer))
