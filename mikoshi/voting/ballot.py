"""The ballot that a member signs instead of sending a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mikoshi.ballots.messages import Message, governor_message
from mikoshi.text.errors import BadInputError
from mikoshi.text.language import pick
from mikoshi.text.times import parse_end
from mikoshi.text.units import format_time
from mikoshi.voting.choice import Choice
from mikoshi.voting.signing import is_contract_account

if TYPE_CHECKING:
    from mikoshi.context.context import Desk


def ballot_message(desk: Desk, choice: Choice, until: str | None) -> Message:
    """What the member signs, good until the moment `until`, or until voting closes.

    A plain ballot is counted with many others at once. One with a reason is counted alone, and is
    good until voting closes. Raises BadInputError for an end that cannot be.
    """
    governor, wallet = desk.dao.governor, choice.wallet
    kind = "MemberBallot"
    values: dict[str, Any] = {"proposalId": choice.proposed.id, "support": choice.support}
    if choice.reason:
        if until is not None:
            raise _no_end()
        kind = "ExtendedBallot"
        nonce = governor.call("nonces", wallet)
        values |= {"voter": wallet, "nonce": nonce, "reason": choice.reason, "params": b""}
        desk.session.out.say(
            pick(
                f"it is no. {nonce} of your ballots with a reason: another one can be signed once"
                " this is counted",
                f"理由付きの署名の番号 {nonce} です。次の理由付きの署名は、これが数えられてから",
            )
        )
    else:
        values["deadline"] = _end(desk, choice, until)
        if is_contract_account(desk.session.rpc, wallet):
            kind = "AccountBallot"
            values["voter"] = wallet
    return governor_message(kind, desk.session.chain_id, governor.address, **values)


def _end(desk: Desk, choice: Choice, until: str | None) -> int:
    """When the ballot ends, Unix seconds; not before it can be counted. Raises BadInputError."""
    end = parse_end(until, desk.now, choice.proposed.proposal.deadline)
    if choice.opens is None or end >= choice.opens:
        return end
    opens = format_time(choice.opens, desk.now)
    raise BadInputError(
        pick(
            f"--until must lie after voting opens, {opens}",
            f"--until は投票開始({opens})より後にしてください",
        ),
        pick("the ballot could never be counted", "このままでは一度も数えられません"),
        pick("Leave it out, or name a later time", "省くか、もっと後の時刻にしてください"),
    )


def _no_end() -> BadInputError:
    return BadInputError(
        pick(
            "--until cannot be given together with --reason",
            "--until と --reason は同時に使えません",
        ),
        pick(
            "a signed ballot with a reason is good until voting closes",
            "理由を添えた署名は、投票の締切まで有効です",
        ),
        pick("Leave one of them out; nothing was signed", "どちらかを外してください(未署名です)"),
    )
