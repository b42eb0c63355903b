"""The refusals of the libraries that the contracts build on, in English and Japanese."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.text.people import short


def _fixed(english: str, japanese: str) -> Callable[..., tuple[str, str]]:
    return lambda *_: (english, japanese)


_NOT_SIGNED = _fixed(
    "the signature is not that of the signer, or not for this",
    "署名した人の署名ではないか、別の内容への署名です",
)
_TOO_LATE = _fixed("the signature is no longer valid", "署名の期限が過ぎています")
_TOO_LITTLE = _fixed(
    "the account has fewer tokens than that", "そのアカウントのトークンが足りません"
)
_TOO_LITTLE_ALLOWED = _fixed(
    "fewer tokens than that were approved", "承認されたトークンの量が足りません"
)
_NOT_QUEUED = _fixed(
    "proposals need no queueing: a passed one waits by itself",
    "提案をキューに入れる必要はありません(可決されれば自動で待機します)",
)


def _no_address(who: str) -> tuple[str, str]:
    return f"{short(who)} cannot be used here", f"{short(who)} はここでは使えません"


WORDS: dict[str, Callable[..., tuple[str, str]]] = {
    # Access control
    "AccessControlBadConfirmation": _fixed(
        "only the holder of a role can renounce it", "権限を手放せるのは本人だけです"
    ),
    "AccessControlUnauthorizedAccount": lambda who, _: (
        f"{short(who)} has no role that allows it",
        f"{short(who)} にその権限はありません",
    ),
    # Signatures
    "ECDSAInvalidSignature": _NOT_SIGNED,
    "ECDSAInvalidSignatureLength": _NOT_SIGNED,
    "ECDSAInvalidSignatureS": _NOT_SIGNED,
    "InvalidAccountNonce": lambda who, nonce: (
        f"the signature of {short(who)} was used or replaced: the next number is {nonce}",
        f"{short(who)} の署名は使用済みか、古くなっています(次の番号は {nonce})",
    ),
    "InvalidPermit": _NOT_SIGNED,
    "PermitExpired": _TOO_LATE,
    "VotesExpiredSignature": _TOO_LATE,
    # Tokens
    "AllowanceOverflow": _fixed("more was approved than can be", "承認できる量を超えています"),
    "AllowanceUnderflow": _TOO_LITTLE_ALLOWED,
    "InsufficientAllowance": _TOO_LITTLE_ALLOWED,
    "InsufficientBalance": _TOO_LITTLE,
    "Permit2AllowanceIsFixedAtInfinity": _fixed(
        "what Permit2 may take cannot be changed", "Permit2 への承認は変えられません"
    ),
    "TotalSupplyOverflow": _fixed(
        "there would be more tokens than there can be", "トークンの総量が上限を超えます"
    ),
    # Tickets
    "ERC721IncorrectOwner": lambda _, number, owner: (
        f"ticket #{number} is {short(owner)}'s",
        f"会員証 #{number} は {short(owner)} のものです",
    ),
    "ERC721InsufficientApproval": lambda who, number: (
        f"{short(who)} may not pass on ticket #{number}",
        f"{short(who)} は会員証 #{number} を渡せません",
    ),
    "ERC721InvalidApprover": lambda who: (
        f"{short(who)} may not approve for this ticket",
        f"{short(who)} はこの会員証について承認できません",
    ),
    "ERC721InvalidOperator": _no_address,
    "ERC721InvalidOwner": _no_address,
    "ERC721InvalidReceiver": lambda who: (
        f"{short(who)} cannot take tickets",
        f"{short(who)} は会員証を受け取れません",
    ),
    "ERC721InvalidSender": _no_address,
    "ERC721NonexistentToken": lambda number: (
        f"there is no ticket #{number}",
        f"会員証 #{number} はありません",
    ),
    # Votes and proposals
    "ERC5805FutureLookup": _fixed("that moment is not over yet", "その時点は、まだ過ぎていません"),
    "GovernorAlreadyCastVote": lambda who: (
        f"{short(who)} has voted already",
        f"{short(who)} はすでに投票しています",
    ),
    "GovernorAlreadyQueuedProposal": _NOT_QUEUED,
    "GovernorDisabledDeposit": _fixed(
        "the governor takes no money: pay to the treasury",
        "ガバナーは資金を受け取りません。トレジャリーに送ってください",
    ),
    "GovernorInsufficientProposerVotes": lambda who, *_: (
        f"{short(who)} has too little voice to propose",
        f"{short(who)} の声では、提案するには足りません",
    ),
    "GovernorInvalidProposalLength": _fixed(
        "the lists of targets, amounts and calls are not equally long, or empty",
        "宛先・金額・呼び出しの数がそろっていないか、空です",
    ),
    "GovernorInvalidVoteParams": _fixed(
        "a ballot has a side and a reason, and nothing more",
        "投票に書けるのは、賛否と理由だけです",
    ),
    "GovernorInvalidVoteType": _fixed(
        "a ballot is For, Against or Abstain", "投票は、賛成・反対・棄権のどれかです"
    ),
    "GovernorInvalidVotingPeriod": _fixed(
        "voting cannot last that long", "投票期間が正しくありません"
    ),
    "GovernorOnlyExecutor": lambda who: (
        f"only the treasury may do this, not {short(who)}",
        f"これができるのはトレジャリーだけです({short(who)} にはできません)",
    ),
    "GovernorProposalQueueingFailed": _NOT_QUEUED,
    "GovernorProposalQueueingNotRequired": _NOT_QUEUED,
    "GovernorQueueNotImplemented": _NOT_QUEUED,
}
"""The arguments of an error → what it means, in English and Japanese."""
