"""A member's ballot: cast by a transaction of their own, or signed for somebody to relay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mikoshi.ballots.messages import Message, governor_message
from mikoshi.ballots.words import support_word
from mikoshi.context.sending import ask_and_send, receipt_json
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import N_, _
from mikoshi.text.units import format_time
from mikoshi.voting.choice import VoteChoice
from mikoshi.words import voices

if TYPE_CHECKING:
    from mikoshi.chain.rpc import Rpc
    from mikoshi.context.context import Context


_DELEGATED_WALLET = bytes.fromhex("ef0100")  # EIP-7702: still a wallet with a key


def is_contract_account(rpc: Rpc, address: str) -> bool:
    """Whether an address answers for its signatures itself (ERC-1271), having no key."""
    code = rpc.code(address)
    return bool(code) and not code.startswith(_DELEGATED_WALLET)


def ballot_message(context: Context, choice: VoteChoice, until: str | None) -> Message:
    """What the member signs, good until the moment `until`, or until voting closes.

    A plain ballot is counted with many others at once. One with a reason is counted alone, and is
    good until voting closes. Raises BadInputError for an end that cannot be.
    """
    governor, wallet = context.governor_of(choice.proposed), choice.wallet
    kind = "MemberBallot"
    values: dict[str, Any] = {"proposalId": choice.proposed.id, "support": choice.support}
    if choice.reason:
        if until is not None:
            raise _no_end()
        kind = "ExtendedBallot"
        nonce = governor.call("nonces", wallet)
        values |= {"voter": wallet, "nonce": nonce, "reason": choice.reason, "params": b""}
        context.session.out.say(
            _(
                "it is no. {nonce} of your ballots with a reason: another one can be signed "
                "once this is counted",
                nonce=nonce,
            )
        )
    else:
        values["deadline"] = _end(context, choice, until)
        if is_contract_account(context.session.rpc, wallet):
            kind = "AccountBallot"
            values["voter"] = wallet
    return governor_message(kind, context.session.chain_id, governor.address, **values)


def _end(context: Context, choice: VoteChoice, until: str | None) -> int:
    """When the ballot ends, Unix seconds; not before it can be counted. Raises BadInputError."""
    end = context.end(until, choice.proposed.proposal.deadline)
    if choice.opens is None or end >= choice.opens:
        return end
    opens = format_time(choice.opens, context.now)
    raise BadInputError(
        "vote.ends-before-it-opens",
        N_("--until must lie after voting opens, {opens}"),
        N_("the ballot could never be counted"),
        N_("Leave it out, or name a later time"),
        opens=opens,
    )


def _no_end() -> BadInputError:
    return BadInputError(
        "vote.end-with-a-reason",
        N_("--until cannot be given together with --reason"),
        N_("a signed ballot with a reason is good until voting closes"),
        N_("Leave one of them out; nothing was signed"),
    )


def cast_vote(context: Context, choice: VoteChoice) -> dict[str, Any]:
    """Ask, and cast a ballot; what programs get of it. Raises as `ask_and_send`."""
    session, out = context.session, context.session.out
    args: list[Any] = [choice.proposed.id, choice.support]
    name = "castVoteWithReason" if choice.reason else "castVote"
    args += [choice.reason] if choice.reason else []
    receipt = ask_and_send(session, context.governor_of(choice.proposed), name, *args)
    if receipt is None:
        return receipt_json(None)
    cast = receipt.only("VoteCast").args
    support, weight = support_word(cast["support"]), voices(cast["weight"])
    block = receipt.block
    out.good(
        _(
            "{who} voted {support} with {weight} in block {block:,}, {gas:,} gas",
            who=choice.who,
            support=support,
            weight=weight,
            block=block,
            gas=receipt.gas,
        )
    )
    out.next_step("", session.command(f"status {choice.proposed.number}"))
    return receipt_json(receipt) | {"weight": str(cast["weight"])}
