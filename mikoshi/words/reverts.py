"""The refusals of the contracts in plain words, for the commands that have no better ones."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.chain.abi import Revert
from mikoshi.text import clock
from mikoshi.text.language import pick
from mikoshi.text.people import short
from mikoshi.text.units import format_amount, format_when
from mikoshi.words import reverts_inherited

_Words = Callable[..., tuple[str, str]]
"""The arguments of an error → what it means, in English and Japanese."""


def in_words(revert: Revert | None, now: int) -> str | None:
    """What an error of a contract means; None for one that has no words here.

    `now` is the chain's time in Unix seconds, from which others are counted.
    """
    words = _WORDS.get(revert.name) if revert else None
    if revert is None or words is None:
        return None
    with clock.at(now):
        return pick(*words(*revert.args))


def _points(raw: int) -> str:
    return format_amount(raw, "points")


def _tokens(raw: int) -> str:
    return format_amount(raw, "").strip()


def _when(timestamp: int) -> str:
    return format_when(timestamp, clock.now())


def standing_words(standing: int) -> str:
    """A member's standing, as the contracts number it, in the language spoken now."""
    from mikoshi.replay.membership import Standing
    from mikoshi.words.standings import standing_word

    known = {each.value: each.name.lower() for each in Standing}
    return standing_word(known.get(standing, str(standing)))


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode(errors="replace")


def _outside(field: bytes, value: int, low: int, high: int) -> tuple[str, str]:
    name, limits = _text(field), f"{low:,} … {high:,}"
    if name == "t0":
        return (
            f"a DAO begins within a day of its chain's clock, not {_when(value)}",
            f"DAOの始まりは、チェーンの時計から1日以内です({_when(value)}にはできません)",
        )
    return (
        f"the setting {name} must be {limits}, got {value:,} (times in seconds, shares in 0.01 %)",
        f"設定 {name} は {limits} にしてください(今の値: {value:,}。時間は秒、割合は 0.01 % 単位)",
    )


def _state(_: int, value: int, __: bytes) -> tuple[str, str]:
    from mikoshi.replay.governor import ProposalState
    from mikoshi.words.refusals import state_words

    words = state_words(value) if value in list(ProposalState) else f"{value:,}"
    return f"not now: {words}", f"いまはできません({words})"


def _again(*_: object) -> tuple[str, str]:
    return "it is set up already, which is done once", "すでに設定済みです(設定は1回だけです)"


def _ragged(*_: object) -> tuple[str, str]:
    return "the lists are not equally long", "一覧の長さがそろっていません"


def _no_role(who: str, _: bytes) -> tuple[str, str]:
    return f"{short(who)} has no role that allows it", f"{short(who)} にその権限はありません"


_WORDS: dict[str, _Words] = {
    **reverts_inherited.WORDS,
    "FactoryImplementationWithoutCode": lambda at: (
        f"there is no contract at {short(at)} to be copied",
        f"複製元のコントラクトが {short(at)} にありません",
    ),
    "FactoryInvalidText": lambda field, length, most: (
        f"the {_text(field)} must be 1 … {most} bytes, got {length}",
        f"{_text(field)} は 1 … {most} バイトにしてください(今: {length})",
    ),
    "FactoryDAOExists": lambda treasury: (
        f"this very DAO exists already, with the treasury {treasury}",
        f"同じDAOがすでにあります(トレジャリー {treasury})",
    ),
    "GovernorNotMember": lambda who: (
        f"{short(who)} is not an active member, and only members propose",
        f"{short(who)} は活動中のメンバーではありません。提案できるのはメンバーだけです",
    ),
    "GovernorTooManyLive": lambda who, limit, free_at: (
        f"{short(who)} has {limit} proposals open, as many as allowed; the next is possible"
        f" {_when(free_at)}",
        f"{short(who)} はすでに上限の{limit}件を提案中です。次は {_when(free_at)} から出せます",
    ),
    "GovernorRestrictedProposer": lambda who: (
        f"the proposal names another proposer than {short(who)}",
        f"この提案の提案者は {short(who)} ではありません",
    ),
    "GovernorExpiredSignature": lambda deadline: (
        f"the signature was valid until {_when(deadline)}",
        f"署名の期限が過ぎています({_when(deadline)})",
    ),
    "GovernorInvalidSignature": lambda who: (
        f"the signature is not {short(who)}'s, or not for this",
        f"{short(who)} の署名ではないか、別の内容への署名です",
    ),
    "GovernorUnableToCancel": lambda _, who: (
        f"{short(who)} may not cancel the proposal now",
        f"{short(who)} は、いまこの提案を取り消せません",
    ),
    "GovernorNonexistentProposal": lambda number: (
        f"there is no proposal {number}",
        f"提案 {number} はありません",
    ),
    "GovernorInvalidSetting": _outside,
    "GovernorAlreadyInitialized": _again,
    "GovernorNoVoice": lambda _, who: (
        f"{short(who)} has no voice on this proposal",
        f"{short(who)} はこの提案について声を持ちません",
    ),
    "GovernorNotReady": lambda _number, eta, _now: (
        f"the proposal can be executed {_when(eta)}",
        f"この提案を実行できるのは {_when(eta)} からです",
    ),
    "GovernorTooManyVersions": lambda: (
        "the settings were changed as often as they can be",
        "設定を変えられる回数の上限に達しました",
    ),
    "GovernorUnexpectedProposalState": _state,
    "TreasuryAdminIsFixed": lambda: (
        "who gives and takes roles cannot be changed",
        "権限を与える側を変えることはできません",
    ),
    "TreasuryAlreadyInitialized": _again,
    "TreasuryCallFailed": lambda index, at, _: (
        f"call {index + 1}, of {short(at)}, fails",
        f"{index + 1}番目の呼び出し({short(at)})が失敗します",
    ),
    "TreasuryNotGovernor": lambda who: (
        f"the treasury obeys another governor than {short(who)}",
        f"トレジャリーは {short(who)} ではなく、別のガバナーに従います",
    ),
    "TreasuryNotSelf": lambda who: (
        f"only a vote may do this, not {short(who)}",
        f"これができるのは投票だけです({short(who)} にはできません)",
    ),
    "TreasuryRaggedLists": _ragged,
    "TreasuryTargetWithoutCode": lambda index, at: (
        f"call {index + 1} goes to {short(at)}, where there is no contract",
        f"{index + 1}番目の呼び出し先 {short(at)} に、コントラクトがありません",
    ),
    "TreasuryInvalidGovernor": lambda at: (
        f"{short(at)} is no contract, or the treasury itself, and cannot be the governor",
        f"{short(at)} はコントラクトでないかトレジャリー自身のため、ガバナーにできません",
    ),
    "TreasuryTermTooLong": lambda _, longest: (
        f"a term may end {_when(longest)} at the latest",
        f"任期の終わりは、遅くとも {_when(longest)} です",
    ),
    "MembershipInvalidSetting": _outside,
    "MembershipUnauthorized": _no_role,
    "MembershipAlreadyInitialized": _again,
    "MembershipFull": lambda: (
        "there are as many members as there can be",
        "メンバーの数が上限に達しました",
    ),
    "MembershipStewardCapExceeded": lambda requested, available: (
        f"the steward may admit {available} more in this 30-day epoch, and {requested} were asked",
        f"スチュワードがこの30日間に迎えられるのは、あと{available}人です(要求: {requested}人)",
    ),
    "MembershipWalletTaken": lambda wallet, number: (
        f"{short(wallet)} belongs to member #{number} already",
        f"{short(wallet)} はすでにメンバー #{number} のものです",
    ),
    "MembershipInvalidWallet": lambda wallet: (
        f"{short(wallet)} cannot be a member: it is zero or a part of the DAO",
        f"{short(wallet)} はメンバーになれません(ゼロか、DAO自身の一部です)",
    ),
    "MembershipUnexpectedStanding": lambda number, standing: (
        f"member #{number} is {standing_words(standing)}",
        f"メンバー #{number} の状態は「{standing_words(standing)}」です",
    ),
    "MembershipBarred": lambda number: (
        f"member #{number} was removed by vote; only a vote lets them back in",
        f"メンバー #{number} は投票で退会になりました。戻るには投票が必要です",
    ),
    "MembershipCharterMismatch": lambda *_: (
        "the accepted charter is not the current one",
        "同意した憲章が、いまの憲章と違います",
    ),
    "MembershipTooEarly": lambda number, ready_at: (
        f"member #{number} can do this {_when(ready_at)}",
        f"メンバー #{number} がこれをできるのは {_when(ready_at)} からです",
    ),
    "MembershipTicketRequired": lambda: (
        "tickets can be sold here, so coming back needs a ticket",
        "会員証を譲渡できるDAOなので、戻るには会員証が必要です",
    ),
    "MembershipExpiredSignature": lambda deadline: (
        f"the signature was valid until {_when(deadline)}",
        f"署名の期限が過ぎています({_when(deadline)})",
    ),
    "MembershipInvalidSignature": lambda who: (
        f"the signature is not {short(who)}'s, or not for this",
        f"{short(who)} の署名ではないか、別の内容への署名です",
    ),
    "VoiceMeritCapExceeded": lambda requested, available: (
        f"{_points(available)} of merit are left in this 30-day epoch, and {_points(requested)}"
        " were asked",
        f"この30日間に与えられる貢献点は残り {_points(available)} です(要求: {_points(requested)})",
    ),
    "VoiceMemberCapExceeded": lambda number, requested, available: (
        f"member #{number} can get {_points(available)} more in this 30-day epoch, and"
        f" {_points(requested)} were asked",
        f"メンバー #{number} がこの30日間に受け取れる貢献点は残り {_points(available)} です"
        f"(要求: {_points(requested)})",
    ),
    "VoiceNotActive": lambda who: (
        f"{short(who)} is not an active member",
        f"{short(who)} は活動中のメンバーではありません",
    ),
    "VoiceDelegateNotActive": lambda who: (
        f"{short(who)} cannot speak for others: not an active member",
        f"{short(who)} は活動中のメンバーではないため、声を託せません",
    ),
    "ContributionTokenCapExceeded": lambda requested, available: (
        f"{_tokens(available)} tokens may be minted in this 30-day epoch, and"
        f" {_tokens(requested)} were asked",
        f"この30日間に発行できるトークンは残り {_tokens(available)} です"
        f"(要求: {_tokens(requested)})",
    ),
    "VoiceNotGovernor": lambda who: (
        f"only the governor may do this, not {short(who)}",
        f"これができるのはガバナーだけです({short(who)} にはできません)",
    ),
    "VoicePointsNotMilli": lambda points: (
        f"merit is given in thousandths of a point, not {_points(points)}",
        f"貢献点は 0.001 点単位です({_points(points)} は与えられません)",
    ),
    "VoiceRaggedLists": _ragged,
    "VoiceUnknownMember": lambda number: (
        f"there is no member #{number}",
        f"メンバー #{number} はいません",
    ),
    "ContributionTokenAlreadyInitialized": _again,
    "ContributionTokenInvalidReceiver": lambda _: (
        "the zero address cannot get tokens",
        "ゼロアドレスはトークンを受け取れません",
    ),
    "ContributionTokenKindCapExceeded": lambda kind, requested, available: (
        f"{_tokens(available)} tokens of kind {kind} may be minted in this 30-day epoch, and"
        f" {_tokens(requested)} were asked",
        f"この30日間に種類 {kind} で発行できるトークンは残り {_tokens(available)} です"
        f"(要求: {_tokens(requested)})",
    ),
    "ContributionTokenRaggedLists": _ragged,
    "ContributionTokenUnauthorized": _no_role,
    "ContributionTokenLocked": lambda *_: (
        "this DAO's tokens cannot be passed on",
        "このDAOのトークンは人に渡せません",
    ),
    "TicketSoulbound": lambda number: (
        f"ticket #{number} cannot be sold or given away",
        f"会員証 #{number} は譲渡できません",
    ),
}
