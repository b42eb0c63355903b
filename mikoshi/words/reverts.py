"""The errors of the contracts: their kinds, their data, and what they mean in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mikoshi.chain.abi import Revert
from mikoshi.text import clock
from mikoshi.text.console import shortened
from mikoshi.text.errors import NotNowError, ProblemError, Words
from mikoshi.text.language import N_, _
from mikoshi.text.people import short
from mikoshi.text.units import format_amount, format_when
from mikoshi.words import standing_words, state_words

_LONGEST = 200  # characters of what nobody can read


class ContractRefusesError(NotNowError):
    """Thrown when a contract refuses a call.

    The kind is that of the contract's error, `contract.membership-full`; data are its arguments by
    the names of the ABI, and the `call`.
    """

    def __init__(self, revert: Revert | None, data: bytes, now: int, call: str = "") -> None:
        """`data` is the revert data; `now` is the chain's time in Unix seconds."""
        said = said_of(revert, data, now)
        super().__init__(
            kind_of(revert),
            N_("The contract does not allow {call}"),
            "{said}",
            N_("This changed nothing; run the command again when it is settled"),
            **({"data": data} if revert is None else revert.named),
            call=call or _("this"),
            said=said,
        )


class ContractProblemError(ProblemError):
    """The same where it is the reason of something else; data are the arguments by their names."""

    def __init__(self, revert: Revert, now: int) -> None:
        """`now` is the chain's time in Unix seconds."""
        told = revert.name == "Error"  # a text that anybody may have written
        said = in_words(revert, now) or shortened(str(revert.args[0] if told else revert), _LONGEST)
        super().__init__(kind_of(revert), "{said}", **({} if told else revert.named), said=said)


def said_of(revert: Revert | None, data: bytes, now: int) -> str:
    """What a contract said: in words, by the error's name, or as the bytes `data`."""
    return in_words(revert, now) or str(revert or f"0x{data.hex()}")


def kind_of(revert: Revert | None) -> str:
    """`contract.governor-not-ready`; `contract.refuses` where the error is unknown."""
    if revert is None:
        return "contract.refuses"
    parts = re.findall(r"[A-Z]+[0-9]*(?![a-z])|[A-Z][a-z0-9]*", revert.name)
    return "contract." + "-".join(parts).lower()


def in_words(revert: Revert | None, now: int) -> str | None:
    """What an error of a contract means; None for one that has no words here.

    `now` is the chain's time in Unix seconds, from which others are counted.
    """
    told = WORDS.get(revert.name) if revert else None
    if revert is None or told is None:
        return None
    text, shown = (told, {}) if isinstance(told, str) else told
    if text is _OUTSIDE and _text(revert.named["field"]) == "t0":
        text, shown = _OTHER_CLOCK, {"value": _when}
    with clock.at(now):
        values = {
            name: (shown.get(name) or _SHOWN.get(name) or _plain)(value)
            for name, value in revert.named.items()
        }
        return str(Words(text, **values))


def _points(raw: int) -> str:
    return format_amount(raw, "points")


def _tokens(raw: int) -> str:
    return format_amount(raw, "").strip()


def _when(timestamp: int) -> str:
    return format_when(timestamp, clock.now())


def _text(field: bytes) -> str:
    return field.rstrip(b"\0").decode(errors="replace")


def _plain(value: object) -> object:
    """An address is shortened; whoever it is stands beside it."""
    return short(value) if isinstance(value, str) else value


_Shown = Mapping[str, Callable[[Any], object]]
"""How arguments are shown, by their names."""

_SHOWN: _Shown = {
    "deadline": _when,
    "eta": _when,
    "field": _text,
    "freeAt": _when,
    "readyAt": _when,
}
"""Of whatever error they are."""

_POINTS = {"requested": _points, "available": _points}
_TOKENS = {"requested": _tokens, "available": _tokens}
_ORDINAL = {"index": lambda index: index + 1}

_AGAIN = N_("it is set up already, which is done once")
_RAGGED = N_("the lists are not equally long")
_OUTSIDE = N_(
    "the setting {field} must be {min:,} … {max:,}, got {value:,} (times in seconds, "
    "shares in 0.01 %)"
)
_OVER = N_("the signature was valid until {deadline}")
_NOT_SIGNED = N_("the signature is not that of the signer, or not for this")
_TOO_LATE = N_("the signature is no longer valid")
_NOT_QUEUED = N_("proposals need no queueing: a passed one waits by itself")
_OTHER_CLOCK = N_("a DAO begins within a day of its chain's clock, not {value}")

WORDS: Mapping[str, str | tuple[str, _Shown]] = {
    # The factory
    "FactoryImplementationWithoutCode": N_("there is no contract at {implementation} to be copied"),
    "FactoryInvalidSetting": _OUTSIDE,
    "FactoryInvalidText": N_("the {field} must be 1 … {max} bytes, got {length}"),
    "FactoryDAOExists": (
        N_("this very DAO exists already, with the treasury {treasury}"),
        {"treasury": str},
    ),
    # Proposals and votes
    "GovernorNotMember": N_("{proposer} is not an active member, and only members propose"),
    "GovernorTooManyLive": N_(
        "{proposer} has {limit} proposals open, as many as allowed; the next is possible {freeAt}"
    ),
    "GovernorRestrictedProposer": N_("the proposal names another proposer than {proposer}"),
    "GovernorExpiredSignature": _OVER,
    "GovernorInvalidSignature": N_("the signature is not {voter}'s, or not for this"),
    "GovernorUnableToCancel": N_("{account} may not cancel the proposal now"),
    "GovernorNonexistentProposal": N_("there is no proposal {proposalId}"),
    "GovernorInvalidSetting": _OUTSIDE,
    "GovernorAlreadyInitialized": _AGAIN,
    "GovernorNoVoice": N_("{voter} has no voice on this proposal"),
    "GovernorNotReady": N_("the proposal can be executed {eta}"),
    "GovernorTooManyVersions": N_("the settings were changed as often as they can be"),
    "GovernorNothingWaits": N_("no settings wait that could be taken back"),
    "GovernorRetired": N_("another governor has taken its place: propose there"),
    "GovernorNotReplaced": N_("the governor is in office"),
    "GovernorUnexpectedProposalState": (N_("not now: {current}"), {"current": state_words}),
    "GovernorAlreadyCastVote": N_("{voter} has voted already"),
    "GovernorAlreadyQueuedProposal": _NOT_QUEUED,
    "GovernorDisabledDeposit": N_("the governor takes no money: pay to the treasury"),
    "GovernorInsufficientProposerVotes": N_("{proposer} has too little voice to propose"),
    "GovernorInvalidProposalLength": N_(
        "the lists of targets, amounts and calls are not equally long, or empty"
    ),
    "GovernorInvalidVoteParams": N_("a ballot has a side and a reason, and nothing more"),
    "GovernorInvalidVoteType": N_("a ballot is For, Against or Abstain"),
    "GovernorInvalidVotingPeriod": N_("voting cannot last that long"),
    "GovernorOnlyExecutor": N_("only the treasury may do this, not {account}"),
    "GovernorProposalQueueingFailed": _NOT_QUEUED,
    "GovernorProposalQueueingNotRequired": _NOT_QUEUED,
    "GovernorQueueNotImplemented": _NOT_QUEUED,
    "ERC5805FutureLookup": N_("that moment is not over yet"),
    # The treasury
    "TreasuryAdminIsFixed": N_("who gives and takes roles cannot be changed"),
    "TreasuryAlreadyInitialized": _AGAIN,
    "TreasuryCallFailed": (N_("call {index}, of {target}, fails"), _ORDINAL),
    "TreasuryNotGovernor": N_("the treasury obeys another governor than {caller}"),
    "TreasuryNotSelf": N_("only a vote may do this, not {caller}"),
    "TreasuryRaggedLists": _RAGGED,
    "TreasuryTargetWithoutCode": (
        N_("call {index} goes to {target}, where there is no contract"),
        _ORDINAL,
    ),
    "TreasuryInvalidGovernor": N_(
        "{governor} cannot be the governor: it is no contract but a wallet, the treasury itself, "
        "the governor of today, or was the governor before"
    ),
    "TreasuryNothingWaits": N_("no other governor waits, or its time is over"),
    "TreasuryNotDue": (
        N_("{governor} can be installed {from}, until {until}"),
        {"from": _when, "until": _when},
    ),
    "TreasuryTooLittleGas": N_("the transaction needs at least {needed:,} gas"),
    "TreasuryTermTooLong": (N_("a term may end {max} at the latest"), {"max": _when}),
    "AccessControlBadConfirmation": N_("only the holder of a role can renounce it"),
    "AccessControlUnauthorizedAccount": N_("{account} has no role that allows it"),
    # Members and their voice
    "MembershipInvalidSetting": _OUTSIDE,
    "MembershipUnauthorized": N_("{caller} has no role that allows it"),
    "MembershipAlreadyInitialized": _AGAIN,
    "MembershipFull": N_("there are as many members as there can be"),
    "MembershipStewardCapExceeded": N_(
        "the steward may admit {available} more in this 30-day epoch, and {requested} were asked"
    ),
    "MembershipWalletTaken": N_("{wallet} belongs to member #{id} already"),
    "MembershipInvalidWallet": N_("{wallet} cannot be a member: it is zero or a part of the DAO"),
    "MembershipUnexpectedStanding": (N_("member #{id} is {current}"), {"current": standing_words}),
    "MembershipBarred": N_("member #{id} was removed by vote; only a vote lets them back in"),
    "MembershipCharterMismatch": N_("the accepted charter is not the current one"),
    "MembershipTooEarly": N_("member #{id} can do this {readyAt}"),
    "MembershipTicketRequired": N_("tickets can be sold here, so coming back needs a ticket"),
    "MembershipNotDue": (
        N_("the removal of #{id} can be enforced {from}, until {until}"),
        {"from": _when, "until": _when},
    ),
    "MembershipNothingWaits": N_("nothing waits that could be taken back"),
    "MembershipExpiredSignature": _OVER,
    "MembershipInvalidSignature": N_("the signature is not {account}'s, or not for this"),
    "VoiceMeritCapExceeded": (
        N_("{available} of merit are left in this 30-day epoch, and {requested} were asked"),
        _POINTS,
    ),
    "VoiceMemberCapExceeded": (
        N_(
            "member #{id} can get {available} more in this 30-day epoch, and {requested} were asked"
        ),
        _POINTS,
    ),
    "VoiceNotActive": N_("{account} is not an active member"),
    "VoiceDelegateNotActive": N_("{delegatee} cannot speak for others: not an active member"),
    "VoiceNotGovernor": N_("only the governor may do this, not {caller}"),
    "VoicePointsNotMilli": (
        N_("merit is given in thousandths of a point, not {points}"),
        {"points": _points},
    ),
    "VoiceRaggedLists": _RAGGED,
    "VoiceUnknownMember": N_("there is no member #{id}"),
    # Invitations
    "InvitationsUnauthorized": N_("only a vote may do this, not {caller}"),
    "InvitationsInvalidSetting": _OUTSIDE,
    "InvitationsUsed": N_("this link was used: it gives one seat; ask for another one"),
    "InvitationsRevoked": N_("{sponsor} has taken the invitation back; ask for another one"),
    "InvitationsExpired": _OVER,
    "InvitationsTooLong": N_(
        "the link is not good yet: it holds for the last 60 days before its end, {deadline}"
    ),
    "InvitationsInvalidSignature": N_("the signature is not {account}'s, or not for this"),
    "InvitationsCharterMismatch": N_(
        "the accepted charter is not the current one: open the link again"
    ),
    "InvitationsInvalidSponsors": N_(
        "{given} members invite, and {min} to {max} are needed; ask for a link of as many"
    ),
    "InvitationsUnorderedSponsor": N_("the members who invite are named twice or out of order"),
    "InvitationsSponsorNotActive": N_(
        "{sponsor}, who invites, is not an active member: they wake up first, or somebody else "
        "invites"
    ),
    "InvitationsSponsorTooEarly": N_("member #{id}, who invites, can do so {readyAt}"),
    "InvitationsSponsorSpent": N_(
        "member #{id} has given all {limit} seats of this 30-day epoch; try again in the next one"
    ),
    "InvitationsSpent": N_(
        "all {limit} seats of this 30-day epoch are given; try again in the next one"
    ),
    "InvitationsPassedOver": N_(
        "{wallet} has a seat, #{id}, or left and comes back by `rejoin`; nothing was used up"
    ),
    "InvitationsNothingWaits": N_("no settings wait that could be taken back"),
    # Tokens and tickets
    "ContributionTokenAlreadyInitialized": _AGAIN,
    "ContributionTokenInvalidReceiver": N_("the zero address cannot get tokens"),
    "ContributionTokenInvalidSender": N_("the zero address has no tokens to send"),
    "ContributionTokenInvalidSpender": N_("the zero address cannot be approved"),
    "ContributionTokenCapExceeded": (
        N_("{available} tokens may be minted in this 30-day epoch, and {requested} were asked"),
        _TOKENS,
    ),
    "ContributionTokenKindCapExceeded": (
        N_(
            "{available} tokens of kind {kind} may be minted in this 30-day epoch, and "
            "{requested} were asked"
        ),
        _TOKENS,
    ),
    "ContributionTokenRaggedLists": _RAGGED,
    "ContributionTokenUnauthorized": N_("{caller} has no role that allows it"),
    "ContributionTokenLocked": N_("this DAO's tokens cannot be passed on"),
    "AllowanceOverflow": N_("more was approved than can be"),
    "AllowanceUnderflow": N_("fewer tokens than that were approved"),
    "InsufficientAllowance": N_("fewer tokens than that were approved"),
    "InsufficientBalance": N_("the account has fewer tokens than that"),
    "Permit2AllowanceIsFixedAtInfinity": N_("what Permit2 may take cannot be changed"),
    "TotalSupplyOverflow": N_("there would be more tokens than there can be"),
    "TicketSoulbound": N_("ticket #{ticket} cannot be sold or given away"),
    "ERC721IncorrectOwner": N_("ticket #{tokenId} is {owner}'s"),
    "ERC721InsufficientApproval": N_("{operator} may not pass on ticket #{tokenId}"),
    "ERC721InvalidApprover": N_("{approver} may not approve for this ticket"),
    "ERC721InvalidOperator": N_("{operator} cannot be used here"),
    "ERC721InvalidOwner": N_("{owner} cannot be used here"),
    "ERC721InvalidReceiver": N_("{receiver} cannot take tickets"),
    "ERC721InvalidSender": N_("{sender} cannot be used here"),
    "ERC721NonexistentToken": N_("there is no ticket #{tokenId}"),
    # Seats given back
    "SuccessionUnauthorized": N_("{caller} may not do this"),
    "SuccessionUnknownMember": N_("there is no member #{id}"),
    "SuccessionInvalidPlan": _OUTSIDE,
    "SuccessionInvalidGuardian": N_("a guardian stands there twice, or is the person themselves"),
    "SuccessionPlanMismatch": N_("member #{id} has another plan now"),
    "SuccessionPlanned": N_("member #{id} has a plan, so that no vote can ask for the seat"),
    "SuccessionOpen": (
        N_("the seat of #{id} is asked for already; that expires {expiresAt}"),
        {"expiresAt": _when},
    ),
    "SuccessionNoRequest": N_("nothing is asked for the seat of #{id}"),
    "SuccessionTooEarly": N_("the seat of #{id} can move {readyAt}"),
    "SuccessionNotSilent": N_("the heir of #{id} may ask {readyAt}"),
    "SuccessionTooFewGuardians": N_("{given} guardians ask, and the plan needs {needed}"),
    "SuccessionInvalidPlace": N_("a guardian's place is none of the plan, or stands there twice"),
    "SuccessionGuardianLeft": N_("#{id} is no member now, and does not count as a guardian"),
    "SuccessionSignedTwice": N_("{account} would count twice, or is the person themselves"),
    "SuccessionWalletTaken": N_("{wallet} belongs to member #{id} already"),
    "SuccessionExpired": _OVER,
    "SuccessionInvalidSignature": N_("the signature is not {account}'s, or not for this"),
    # Signatures
    "InvalidAccountNonce": N_(
        "the signature of {account} was used or replaced: the next number is {currentNonce}"
    ),
    "InvalidPermit": _NOT_SIGNED,
    "PermitExpired": _TOO_LATE,
    "VotesExpiredSignature": _TOO_LATE,
}
"""What each error means, by its name; with how arguments are shown if not as usual."""
