"""Why the DAO refuses, in the words of its members."""

from __future__ import annotations

from dataclasses import dataclass

from eth_utils.crypto import keccak

from mikoshi.ballots.words import support_word
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.rpc import Rpc
from mikoshi.replay.logs import stream_logs
from mikoshi.text.errors import NothingSentError, NotNowError
from mikoshi.text.language import N_
from mikoshi.text.people import short
from mikoshi.text.units import format_countdown, format_time
from mikoshi.words import state_words

_VOTE_CAST = keccak(text="VoteCast(address,uint256,uint8,uint256,string)")


@dataclass(frozen=True)
class Vote:
    """A ballot that was counted: 1 voice = 1e9 in `weight`, Unix seconds in `time`."""

    support: int
    weight: int
    time: int


def find_vote(
    rpc: Rpc, governor: Contract, proposal_id: int, voter: str, start: int = 0
) -> Vote | None:
    """How `voter` voted, from the events since block `start`; None if they did not.

    Raises RpcError and UnreachableError.
    """
    topics = [f"0x{_VOTE_CAST.hex()}", f"0x{voter[2:].lower():0>64}"]
    interfaces = {governor.address: governor.interface}
    for log in stream_logs(rpc, interfaces, start, rpc.block_number(), topics):
        args = log.event.args
        if args["proposalId"] == proposal_id:
            return Vote(args["support"], args["weight"], log.time)
    return None


def refusal(
    error: ContractRevertedError, now: int, *, who: str = "", vote: Vote | None = None
) -> NotNowError | None:
    """What a refusal of Governor, Membership or Treasury means; None for one not known here.

    `now` is in Unix seconds, `who` is the person concerned as people are shown, and `vote` how they
    voted before. Use it for what was refused before it was sent: the text says so.
    """
    if error.revert is None:
        return None
    name, args = error.revert.name, error.revert.args
    if name == "GovernorNotReady":
        return _not_ready(args[1], args[2])
    if name == "GovernorAlreadyCastVote":
        return already_cast(who or short(args[0]), vote, now)
    if name == "GovernorNoVoice":
        return _no_voice(who or short(args[1]))
    if name == "GovernorUnexpectedProposalState":
        return NothingSentError(
            "proposal.in-another-state",
            N_("Not now"),
            "{state}",
            N_("See `state` of the proposal"),
            state=state_words(args[1]),
        )
    if name == "TreasuryCallFailed":
        return _call_failed(args[0], args[1], args[2])
    return None


def _not_ready(eta: int, now: int) -> NotNowError:
    return NothingSentError(
        "proposal.not-ready",
        N_("Not yet: the delay ends in {span} ({moment})"),
        N_("between the vote and its execution everyone has time to object or to leave"),
        N_("Run the same command then"),
        eta=eta,
        span=format_countdown(eta - now),
        moment=format_time(eta, now),
    )


def already_cast(who: str, vote: Vote | None, now: int) -> NotNowError:
    """The refusal of a second ballot; `vote` is the first, where it is known."""
    known = (
        {}
        if vote is None
        else {
            "side": support_word(vote.support),
            "moment": format_time(vote.time, now),
        }
    )
    return NothingSentError(
        "ballot.already-cast",
        N_("{who} already voted {side} on {moment}; a vote is final")
        if known
        else N_("{who} already voted; a vote is final"),
        N_("each member has one ballot on a proposal"),
        N_("There is nothing to do"),
        who=who,
        **known,
    )


def _no_voice(who: str) -> NotNowError:
    return NothingSentError(
        "ballot.no-voice",
        N_("{who} has no voice on this proposal"),
        N_(
            "voices are those of the moment when voting opened: who joined or woke "
            "later, lent theirs to another, or left, has none on it"
        ),
        N_("Vote on the next proposal"),
        who=who,
    )


def _call_failed(index: int, target: str, reason: bytes) -> NotNowError:
    from mikoshi.core.dao import interface

    return NothingSentError(
        "proposal.action-fails",
        N_("Action {index} of the proposal would fail"),
        N_("{target} refuses: {reason}"),
        N_("Correct it and propose again"),
        index=index + 1,
        target=short(target),
        reason=str(interface().decode_revert(reason) or "0x" + reason.hex()),
    )
