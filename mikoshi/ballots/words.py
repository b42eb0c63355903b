"""What a message says, in the words of the person who signs it."""

from __future__ import annotations

from collections.abc import Callable

from mikoshi.ballots.messages import Message
from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.text.language import pick
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
        return pick(f"proposal {brief}", f"提案 {brief}")
    return pick(f'"{draft.title}" (proposal {brief})', f"「{draft.title}」(提案 {brief})")


def describe(message: Message, draft: ProposalDraft | None = None) -> str:
    """What somebody agrees to by signing `message`, in the language spoken now."""
    parts = [headline(message, draft), _validity(message), _place(message)]
    return pick(" ", "").join(part for part in parts if part)


def headline(message: Message, draft: ProposalDraft | None = None) -> str:
    """What it is about, without where and how long it is good."""
    return _SENTENCES[message.kind](message, draft)


def _ballot(message: Message, draft: ProposalDraft | None) -> str:
    number, support = proposal_word(message["proposalId"], draft), support_word(message["support"])
    account = message.values.get("voter")
    for_account = pick(f" for the account {account}", f"(アカウント {account})") if account else ""
    verb = {
        AGAINST: (f"I vote Against {number}{for_account}.", f"{number}に反対します{for_account}。"),
        FOR: (f"I vote For {number}{for_account}.", f"{number}に賛成します{for_account}。"),
        ABSTAIN: (f"I abstain on {number}{for_account}.", f"{number}で棄権します{for_account}。"),
    }.get(message["support"], (f"{support} {number}.", f"{support} {number}。"))
    final = pick(
        "My first valid ballot is final: I can replace this one only by voting earlier.",
        "最初に届いた有効な票が確定し、あとから変えられません。",
    )
    return pick(" ", "").join([pick(*verb), *_because(message), final])


def _because(message: Message) -> list[str]:
    reason = "".join(c if c.isprintable() else " " for c in message.values.get("reason", ""))
    return [pick(f'My reason: "{reason}".', f"理由:「{reason}」。")] if reason else []


def _propose(message: Message, draft: ProposalDraft | None) -> str:
    number = proposal_word(message["proposalId"], draft)
    return pick(f"I propose {number}.", f"{number}を提案します。")


def _cancel(message: Message, draft: ProposalDraft | None) -> str:
    number = proposal_word(message["proposalId"], draft)
    return pick(
        f"I cancel {number} for good, before its voting opens.",
        f"{number}を、投票が始まる前に取り消します(元に戻せません)。",
    )


def _delegate(message: Message, _: ProposalDraft | None) -> str:
    to = message["delegatee"]
    if to in (ZERO_ADDRESS, message["account"]):
        return pick("I take my voice back and speak for myself.", "託した声を自分に戻します。")
    return pick(
        f"I lend my voice to {to}, until I take it back.",
        f"{to} に自分の声を託します(いつでも取り戻せます)。",
    )


def _wake(message: Message, _: ProposalDraft | None) -> str:
    charter = _charter(message)
    return pick(f"I wake up and take part again.{charter}", f"活動を再開します。{charter}")


def _rest(_: Message, __: ProposalDraft | None) -> str:
    return pick(
        "I rest: I stay a member and have no voice until I wake.",
        "休眠します(メンバーのまま、再開するまで声を持ちません)。",
    )


def _exit(_: Message, __: ProposalDraft | None) -> str:
    return pick(
        "I leave the DAO and my ticket is burned; what I earned stays mine.",
        "DAOを退会し、会員証を返します。得たものは自分のものとして残ります。",
    )


def _rejoin(message: Message, _: ProposalDraft | None) -> str:
    charter = _charter(message)
    return pick(f"I come back to the DAO.{charter}", f"DAOに戻ります。{charter}")


def _charter(message: Message) -> str:
    digest: bytes = message["charterHash"]
    if not any(digest):
        return ""
    text = f"0x{digest.hex()}"
    return pick(
        f" I accept the charter {text[:10]}…{text[-4:]}.",
        f"憲章 {text[:10]}…{text[-4:]} に同意します。",
    )


def _validity(message: Message) -> str:
    nonce = message.values.get("nonce")
    once = "" if nonce is None else pick(f"Good once (no. {nonce})", f"1回限り(番号 {nonce})")
    if "deadline" not in message.values:
        return f"{once}{pick('.', '。')}"
    if message["deadline"] > LAST_DATE:
        return once + (pick(", without an end.", "、期限なし。") if once else "")
    moment = format_time(message["deadline"], 0)  # with the year, whenever it is read
    if not once:
        return pick(f"Valid until {moment}.", f"{moment}まで有効です。")
    return pick(f"{once}, until {moment}.", f"{once}、{moment}まで有効です。")


def _place(message: Message) -> str:
    at, chain = short(message.contract), message.chain_id
    home = {"governor": "ガバナー", "membership": "メンバーシップ"}[message.home]
    return pick(
        f"Only for the {message.home} {at} on chain {chain}.",
        f"チェーン {chain} の{home} {at} だけで使えます。",
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
