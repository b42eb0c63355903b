"""Why something cannot be done with a proposal now: who may, when, and until when."""

from __future__ import annotations

from mikoshi.chain.contract import ContractRevertedError
from mikoshi.context.proposed import Proposed
from mikoshi.replay.governor import AGAINST, FOR, ProposalState
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.words import people, standing
from mikoshi.text.errors import NotNowError
from mikoshi.text.language import pick
from mikoshi.text.units import format_when
from mikoshi.voting.power import Power
from mikoshi.words.refusals import not_now
from mikoshi.words.voices import voices

# Proposing


def same_title(live: Proposed) -> NotNowError:
    """A proposal of the same title is under way."""
    return not_now(
        pick(
            f"A proposal of this title is under way: {live.brief}",
            f"同じ題名の提案が進行中です: {live.brief}",
        ),
        pick("members could take one for the other", "メンバーが取り違えるおそれがあります"),
        pick(
            "Give it another title, or wait until that one is decided",
            "題名を変えるか、そちらが決まるまで待ってください",
        ),
    )


def not_a_member(shown: str) -> NotNowError:
    """Somebody who is no member wants to propose."""
    return not_now(
        _cannot_propose(shown),
        pick("only members propose, and this is none", "提案できるのはメンバーだけです"),
        pick(
            "Ask a member to submit the file, or choose another --account",
            "メンバーに提出を頼むか、別の --account を選んでください",
        ),
    )


def cannot_propose(
    error: ContractRevertedError, shown: str, power: Power, now: int
) -> NotNowError | None:
    """Why a member cannot propose, who is `shown` so; None if the error is about something else."""
    if error.revert is None:
        return None
    name, args = error.revert.name, error.revert.args
    if name == "GovernorTooManyLive":
        when = format_when(args[2], now)
        return not_now(
            pick(
                f"{shown} has {args[1]} proposals open, as many as a member may",
                f"{shown} は、1人の上限の{args[1]}件をすでに提案中です",
            ),
            pick(f"the first of them ends {when}", f"最初のものが終わるのは{when}です"),
            pick("Run the same command then", "そのあとで、同じコマンドを実行してください"),
        )
    if name not in ("GovernorNotMember", "GovernorInsufficientProposerVotes"):
        return None
    return not_now(
        _cannot_propose(shown),
        power.silence
        or pick("a voice counts from the second after it came", "声は、得た次の秒から有効です"),
        pick(
            "Run the same command once this has changed, or let another member submit the file",
            "状況が変わってから同じコマンドを実行するか、ほかのメンバーに提出を頼んでください",
        ),
    )


def _cannot_propose(shown: str) -> str:
    return pick(f"{shown} cannot propose now", f"{shown} は、いま提案できません")


# Executing


def not_executable(status: ProposalStatus, again: str) -> NotNowError:
    """Why a proposal that is not passed cannot be executed; `again` is the command to show it."""
    made, now = status.proposal, status.now
    if made.advisory:
        return not_now(
            pick("There is nothing to execute", "実行するものはありません"),
            pick("an advisory proposal only asks the members", "意見を聞くだけの提案です"),
            _see(again),
        )
    if status.state in (ProposalState.PENDING, ProposalState.ACTIVE):
        closes, eta = format_when(made.deadline, now), format_when(made.eta, now)
        return not_now(
            pick(f"Not yet: voting closes {closes}", f"まだ実行できません: 投票締切は{closes}"),
            pick(f"if it passes, it is ready {eta}", f"可決されれば、実行できるのは{eta}です"),
            _see(again),
        )
    if status.state == ProposalState.DEFEATED:
        sides = [voices(made.votes(side)) for side in (FOR, AGAINST)]
        return not_now(
            pick("It did not pass", "否決されています"),
            [
                pick(f"For {sides[0]}, Against {sides[1]}", f"賛成 {sides[0]}、反対 {sides[1]}"),
                pick(
                    f"{made.people:,} of {people(status.needed)} needed took part",
                    f"賛成と棄権を合わせて{made.people:,}人(必要: {people(status.needed)})",
                ),
            ],
            _see(again),
        )
    return not_now(
        pick("It can no longer be executed", "もう実行できません"),
        standing(status),
        pick(
            "Propose it anew, with another title or text, if the members want it",
            "必要なら、題名か文章を変えて、もう一度提案してください",
        ),
    )


# Cancelling


def not_cancellable(
    status: ProposalStatus, proposer: str, guardian: str, again: str, signer: str = ""
) -> NotNowError:
    """Who may cancel a proposal, and until when, told to somebody who may not.

    `proposer` and `guardian` are shown as people are; an empty guardian is none. So is the `signer`
    of what was to be a signature and no transaction.
    """
    guarded = bool(guardian) and status.state == ProposalState.QUEUED and not status.ready
    return not_now(
        pick(f"{signer} cannot cancel it by a signature", f"{signer} は署名では取り消せません")
        if signer
        else pick("You cannot cancel it now", "いま、あなたは取り消せません"),
        _who_may(status, proposer, guardian),
        pick(
            "A guardian signs nothing: run the command with its --account alone",
            "ガーディアンは署名せず、その --account だけを付けて実行してください",
        )
        if signer and guarded
        else _see(again),
    )


def _who_may(status: ProposalStatus, proposer: str, guardian: str) -> str:
    made, now = status.proposal, status.now
    if status.state == ProposalState.PENDING:
        opens = format_when(made.snapshot, now)
        return pick(
            f"{proposer}, who proposed it, may until voting opens {opens}",
            f"取り消せるのは提案者の {proposer} だけで、投票開始({opens})までです",
        )
    if status.state == ProposalState.ACTIVE:
        return pick(
            "nobody may while voting is open; vote Against",
            "投票の受付中は、誰も取り消せません(反対票を投じてください)",
        )
    if status.state != ProposalState.QUEUED:
        return standing(status)
    if status.ready:
        return pick(
            "nobody may once the delay is over: it can be executed",
            "待機期間が終わると、誰も取り消せません(実行できます)",
        )
    if not guardian:
        return pick(
            "only a guardian could, and this DAO has none now",
            "取り消せるのはガーディアンだけですが、いまこのDAOにはいません",
        )
    eta = format_when(made.eta, now)
    return pick(
        f"the guardian {guardian} may until the delay ends {eta}, unless it concerns nothing but"
        " the guardian",
        f"取り消せるのはガーディアンの {guardian} だけで、待機期間の終わり({eta})までです"
        "(ガーディアンだけに関わる提案は除く)",
    )


def _see(command: str) -> str:
    return pick(f"See {command}", f"詳しくは {command}")
