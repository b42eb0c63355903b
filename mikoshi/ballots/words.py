"""What a message says, in the words of the person who signs it."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.text.language import N_, _, listed, run_on
from mikoshi.text.people import ZERO_ADDRESS, short
from mikoshi.text.units import LAST_DATE, format_duration, format_utc

AGAINST, FOR, ABSTAIN = 0, 1, 2


def support_word(support: int) -> str:
    """`For`, `Against`, `Abstain`."""
    words = (N_("Against"), N_("For"), N_("Abstain"))
    return _(words[support]) if support < len(words) else "?"


def proposal_word(number: int, draft: ProposalDraft | None = None) -> str:
    """`"Fund the docs team" (7788…1234)`: a title only where the calls prove that it belongs."""
    digits = str(number)
    brief = digits if len(digits) <= 9 else f"{digits[:4]}…{digits[-4:]}"
    if draft is None or draft.id != number:
        return _("proposal {brief}", brief=brief)
    return _('"{title}" (proposal {brief})', title=draft.title, brief=brief)


def describe(message: Message, draft: ProposalDraft | None = None) -> str:
    """What somebody agrees to by signing `message`, in the language spoken now."""
    return _said(headline(message, draft), _validity(message), _place(message))


def headline(message: Message, draft: ProposalDraft | None = None) -> str:
    """What it is about, without where and how long it is good."""
    return _SENTENCES[message.kind](message, draft)


def _said(*sentences: str) -> str:
    """The sentences that there are, one after the other."""
    return run_on(each for each in sentences if each)


_VOTES = {
    AGAINST: (
        N_("I vote Against {proposal}."),
        N_("I vote Against {proposal} for the account {account}."),
    ),
    FOR: (
        N_("I vote For {proposal}."),
        N_("I vote For {proposal} for the account {account}."),
    ),
    ABSTAIN: (
        N_("I abstain on {proposal}."),
        N_("I abstain on {proposal} for the account {account}."),
    ),
}
"""Of a wallet, and of a contract account."""


def _ballot(message: Message, draft: ProposalDraft | None) -> str:
    proposal, account = proposal_word(message["proposalId"], draft), message.values.get("voter")
    none = N_("? {proposal}.")  # no contract takes it
    vote = _VOTES.get(message["support"], (none, none))[account is not None]
    final = _("My first valid ballot is final: I can replace this one only by voting earlier.")
    return _said(_(vote, proposal=proposal, account=account), _because(message), final)


def _because(message: Message) -> str:
    reason = "".join(c if c.isprintable() else " " for c in message.values.get("reason", ""))
    return _('My reason: "{reason}".', reason=reason) if reason else ""


def _propose(message: Message, draft: ProposalDraft | None) -> str:
    return _("I propose {proposal}.", proposal=proposal_word(message["proposalId"], draft))


def _cancel(message: Message, draft: ProposalDraft | None) -> str:
    proposal = proposal_word(message["proposalId"], draft)
    return _("I cancel {proposal} for good, before its voting opens.", proposal=proposal)


def _delegate(message: Message, __: ProposalDraft | None) -> str:
    to = message["delegatee"]
    if to in (ZERO_ADDRESS, message["account"]):
        return _("I take my voice back and speak for myself.")
    return _("I lend my voice to {to}, until I take it back.", to=to)


def _wake(message: Message, __: ProposalDraft | None) -> str:
    return _said(_("I wake up and take part again."), _charter(message))


def _rest(*__: object) -> str:
    return _("I rest: I stay a member and have no voice until I wake.")


def _exit(*__: object) -> str:
    return _("I leave the DAO and my ticket is burned; what I earned stays mine.")


def _rejoin(message: Message, __: ProposalDraft | None) -> str:
    return _said(_("I come back to the DAO."), _charter(message))


def _invitation(message: Message, __: ProposalDraft | None) -> str:
    return _("I invite whoever holds the link of the key {key}.", key=short(message["key"]))


def _claim(message: Message, __: ProposalDraft | None) -> str:
    return _("The seat of this link is for {wallet}.", wallet=short(message["wallet"]))


def _join(message: Message, __: ProposalDraft | None) -> str:
    sponsors = listed([short(each) for each in message["sponsors"]])
    joined = _("I join the DAO, invited by {sponsors}.", sponsors=sponsors)
    return _said(joined, _charter(message))


def _revoke(message: Message, __: ProposalDraft | None) -> str:
    key = short(message["key"])
    return _("I take back my invitation of the key {key}, for good.", key=key)


def _charter(message: Message) -> str:
    digest: bytes = message["charterHash"]
    if not any(digest):
        return ""
    text = f"0x{digest.hex()}"
    charter = f"{text[:10]}…{text[-4:]}"
    return _("I accept the charter {charter}.", charter=charter)


def _set_plan(message: Message, __: ProposalDraft | None) -> str:
    guardians = [*(f"#{each}" for each in message["members"]), *message["others"]]
    lost = _(
        "If I lose my wallet, {needed} of these {count} may ask for my seat together: {who}.",
        needed=message["needed"],
        count=len(guardians),
        who=listed(guardians),
    )
    delay = format_duration(message["delay"])
    waits = _("It waits {delay} then, and I can stop it with one word.", delay=delay)
    comes = _(
        "After {silence} without an act of mine, {heir} may ask for my seat; that waits 30 days "
        "more.",
        silence=format_duration(message["silence"]),
        heir=message["heir"],
    )
    has_heir = message["heir"] != ZERO_ADDRESS
    return _said(*([lost, waits] if guardians else []), comes if has_heir else "")


def _recover(message: Message, __: ProposalDraft | None) -> str:
    known = _(
        "I know that member {id} has lost their wallet, and that the wallet {wallet} is theirs "
        "now.",
        **_whose(message),
    )
    asks = _(
        "I ask that the seat of {id} goes to that wallet when the plan's delay is over.",
        **_whose(message),
    )
    return _said(known, asks)


def _take(message: Message, __: ProposalDraft | None) -> str:
    return _("I take the seat of member {id} with the wallet {wallet}.", **_whose(message))


def _inherit(message: Message, __: ProposalDraft | None) -> str:
    return _(
        "I come after member {id}, who has been silent for as long as they said, and ask that "
        "their seat goes to the wallet {wallet}.",
        **_whose(message),
    )


def _veto(message: Message, __: ProposalDraft | None) -> str:
    own = f"#{message['id']}"
    return _("I end whatever was asked for on my seat {id}, and my plan with it.", id=own)


def _whose(message: Message) -> dict[str, str]:
    return {"id": f"#{message['id']}", "wallet": message["wallet"]}


def _validity(message: Message) -> str:
    nonce, deadline = message.values.get("nonce"), message.values.get("deadline")
    if deadline is None and nonce is None:
        return ""
    if deadline is None:
        return _("Good once (no. {nonce}).", nonce=nonce)
    if deadline > LAST_DATE:
        endless = _("Good once (no. {nonce}), without an end.", nonce=nonce)
        return "" if nonce is None else endless
    moment = format_utc(deadline)
    if nonce is None:
        return _("Valid until {moment}.", moment=moment)
    return _("Good once (no. {nonce}), until {moment}.", nonce=nonce, moment=moment)


def _place(message: Message) -> str:
    place = {
        "governor": N_("Only for the governor {contract} on chain {chain}."),
        "membership": N_("Only for the membership {contract} on chain {chain}."),
        "invitations": N_("Only for the invitations {contract} on chain {chain}."),
        "succession": N_("Only for the succession {contract} on chain {chain}."),
    }[message.home]
    return _(place, contract=short(message.contract), chain=message.chain_id)


_SENTENCES: dict[str, Callable[[Message, ProposalDraft | None], str]] = {
    "MemberBallot": _ballot,
    "AccountBallot": _ballot,
    "Ballot": _ballot,
    "ExtendedBallot": _ballot,
    "Propose": _propose,
    "Cancel": _cancel,
    "Delegate": _delegate,
    "Wake": _wake,
    "Rest": _rest,
    "Exit": _exit,
    "Rejoin": _rejoin,
    "Invitation": _invitation,
    "Claim": _claim,
    "Join": _join,
    "Revoke": _revoke,
    "SetPlan": _set_plan,
    "Recover": _recover,
    "Take": _take,
    "Inherit": _inherit,
    "Veto": _veto,
}
