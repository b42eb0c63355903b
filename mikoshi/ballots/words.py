"""What a message says, in the words of the person who signs it."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.text.language import _, pick, run_on
from mikoshi.text.people import ZERO_ADDRESS, short
from mikoshi.text.units import LAST_DATE, format_time

AGAINST, FOR, ABSTAIN = 0, 1, 2


def support_word(support: int) -> str:
    """`For`, `Against`, `Abstain`."""
    words = (("Against", "反対"), ("For", "賛成"), ("Abstain", "棄権"))
    known = words[support] if support < len(words) else ("?", "?")
    return pick(*known)


def proposal_word(number: int, draft: ProposalDraft | None = None) -> str:
    """`"Fund the docs team" (7788…1234)`: a title only where the calls prove that it belongs."""
    digits = str(number)
    brief = digits if len(digits) <= 9 else f"{digits[:4]}…{digits[-4:]}"
    if draft is None or draft.id != number:
        return _("proposal {brief}", brief=brief)
    return _('"{title}" (proposal {brief})', title=draft.title, brief=brief)


def describe(message: Message, draft: ProposalDraft | None = None) -> str:
    """What somebody agrees to by signing `message`, in the language spoken now."""
    parts = [headline(message, draft), _validity(message), _place(message)]
    return run_on(part for part in parts if part)


def headline(message: Message, draft: ProposalDraft | None = None) -> str:
    """What it is about, without where and how long it is good."""
    return _SENTENCES[message.kind](message, draft)


def _ballot(message: Message, draft: ProposalDraft | None) -> str:
    number, support = proposal_word(message["proposalId"], draft), support_word(message["support"])
    account = message.values.get("voter")
    for_account = _(" for the account {account}", account=account) if account else ""
    verb = {
        AGAINST: (f"I vote Against {number}{for_account}.", f"{number}に反対します{for_account}。"),
        FOR: (f"I vote For {number}{for_account}.", f"{number}に賛成します{for_account}。"),
        ABSTAIN: (f"I abstain on {number}{for_account}.", f"{number}で棄権します{for_account}。"),
    }.get(message["support"], (f"{support} {number}.", f"{support} {number}。"))
    final = _("My first valid ballot is final: I can replace this one only by voting earlier.")
    return run_on([pick(*verb), *_because(message), final])


def _because(message: Message) -> list[str]:
    reason = "".join(c if c.isprintable() else " " for c in message.values.get("reason", ""))
    return [_('My reason: "{reason}".', reason=reason)] if reason else []


def _propose(message: Message, draft: ProposalDraft | None) -> str:
    number = proposal_word(message["proposalId"], draft)
    return _("I propose {number}.", number=number)


def _cancel(message: Message, draft: ProposalDraft | None) -> str:
    number = proposal_word(message["proposalId"], draft)
    return _("I cancel {number} for good, before its voting opens.", number=number)


def _delegate(message: Message, __: ProposalDraft | None) -> str:
    to = message["delegatee"]
    if to in (ZERO_ADDRESS, message["account"]):
        return _("I take my voice back and speak for myself.")
    return _("I lend my voice to {to}, until I take it back.", to=to)


def _wake(message: Message, __: ProposalDraft | None) -> str:
    charter = _charter(message)
    return _("I wake up and take part again.{charter}", charter=charter)


def _rest(*__: object) -> str:
    return _("I rest: I stay a member and have no voice until I wake.")


def _exit(*__: object) -> str:
    return _("I leave the DAO and my ticket is burned; what I earned stays mine.")


def _rejoin(message: Message, __: ProposalDraft | None) -> str:
    charter = _charter(message)
    return _("I come back to the DAO.{charter}", charter=charter)


def _charter(message: Message) -> str:
    digest: bytes = message["charterHash"]
    if not any(digest):
        return ""
    text = f"0x{digest.hex()}"
    return _(" I accept the charter {text}…{text2}.", text=text[:10], text2=text[-4:])


def _validity(message: Message) -> str:
    nonce = message.values.get("nonce")
    once = "" if nonce is None else _("Good once (no. {nonce})", nonce=nonce)
    if "deadline" not in message.values:
        return f"{once}{pick('.', '。')}"
    if message["deadline"] > LAST_DATE:
        return once + (_(", without an end.") if once else "")
    moment = format_time(message["deadline"], 0)  # with the year, whenever it is read
    if not once:
        return _("Valid until {moment}.", moment=moment)
    return _("{once}, until {moment}.", once=once, moment=moment)


def _place(message: Message) -> str:
    at, chain = short(message.contract), message.chain_id
    home = {"governor": "ガバナー", "membership": "メンバーシップ"}[message.home]
    return _(
        "Only for the {home} {at} on chain {chain}.",
        home=message.home,
        at=at,
        chain=chain,
        home2=home,
    )


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
}
