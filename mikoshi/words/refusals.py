"""Why the DAO refuses, in the words of its members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eth_utils.crypto import keccak

from mikoshi.ballots.words import support_word
from mikoshi.chain.contract import Contract, ContractRevertedError
from mikoshi.chain.rpc import Rpc
from mikoshi.replay.logs import read_logs
from mikoshi.text.errors import NotNowError
from mikoshi.text.language import pick
from mikoshi.text.people import short
from mikoshi.text.units import format_countdown, format_time

_VOTE_CAST = keccak(text="VoteCast(address,uint256,uint8,uint256,string)")

_STATES = (
    ("voting has not begun yet", "投票はまだ始まっていません"),
    ("voting is open", "投票の受付中です"),
    ("it was cancelled", "取り消されています"),
    ("it did not pass", "否決されています"),
    (
        "it passed, and asked for nothing to be executed",
        "可決されましたが、実行するものはありません",
    ),
    ("it passed and waits to be executed", "可決され、実行を待っています"),
    ("the time to execute it is over", "実行できる期間が過ぎています"),
    ("it was executed", "実行済みです"),
)


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
    for log in read_logs(rpc, interfaces, start, rpc.block_number(), topics):
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
        state = state_words(args[1])
        return not_now(
            pick("Not now", "いまはできません"),
            state,
            pick("See `state` of the proposal", "提案の状態を確かめてください"),
        )
    if name == "TreasuryCallFailed":
        return _call_failed(args[0], args[1], args[2])
    return None


def state_words(state: int) -> str:
    """Where a proposal stands, as a sentence's part."""
    return pick(*_STATES[state])


def _nothing_sent(text: str) -> str:
    return pick(f"{text}. Nothing was sent.", f"{text}。何も送っていません。")


def not_now(what: str, why: str | Sequence[str], hint: str) -> NotNowError:
    """The refusal of what the rules do not allow now; adds that nothing was sent."""
    return NotNowError(_nothing_sent(what), why, hint)


def _not_ready(eta: int, now: int) -> NotNowError:
    span, moment = format_countdown(eta - now), format_time(eta, now)
    return not_now(
        pick(
            f"Not yet: the delay ends in {span} ({moment})",
            f"まだ実行できません: 待機期間はあと{span}で終わります({moment})",
        ),
        pick(
            "between the vote and its execution everyone has time to object or to leave",
            "可決から実行までは、異議を唱えたり退会したりするための時間です",
        ),
        pick("Run the same command then", "そのときに、同じコマンドを実行してください"),
    )


def already_cast(who: str, vote: Vote | None, now: int) -> NotNowError:
    """The refusal of a second ballot; `vote` is the first, where it is known."""
    if vote is None:
        text = pick(f"{who} already voted", f"{who} は投票済みです")
    else:
        support, moment = support_word(vote.support), format_time(vote.time, now)
        text = pick(
            f"{who} already voted {support} on {moment}",
            f"{who} は {moment} に{support}票を投じました",
        )
    return not_now(
        pick(f"{text}; a vote is final", f"{text}。票は変えられません"),
        pick("each member has one ballot on a proposal", "1つの提案に、1人1票です"),
        pick("There is nothing to do", "することはありません"),
    )


def _no_voice(who: str) -> NotNowError:
    return not_now(
        pick(f"{who} has no voice on this proposal", f"{who} は、この提案では声がありません"),
        pick(
            "voices are those of the moment when voting opened: who joined or woke later, lent"
            " theirs to another, or left, has none on it",
            "投票開始の時点の声で決まります(あとから入会・再開した人、声を託した人、退会した人には"
            "ありません)",
        ),
        pick("Vote on the next proposal", "次の提案から投票できます"),
    )


def _call_failed(index: int, target: str, reason: bytes) -> NotNowError:
    from mikoshi.core.dao import interface

    known = interface().decode_revert(reason)
    return not_now(
        pick(
            f"Action {index + 1} of the proposal would fail",
            f"提案の{index + 1}番目の実行内容は失敗します",
        ),
        pick(
            f"{short(target)} refuses: {known or '0x' + reason.hex()}",
            f"{short(target)} が拒否します: {known or '0x' + reason.hex()}",
        ),
        pick("Correct it and propose again", "直してから提案してください"),
    )
