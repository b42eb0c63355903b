"""Relaying on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mikoshi.ballots.words import headline, support_word
from mikoshi.context.proposed import Proposed
from mikoshi.text.console import Console
from mikoshi.text.language import _, listed, pick
from mikoshi.voting.relay import Relay, RelayTransaction
from mikoshi.voting.signed_file import Fate, SignedFile

_SHOWN = 20


def show_relay(out: Console, relay: Relay, proposals: dict[int, Proposed]) -> None:
    """What will be sent, what is done already, and what was refused, by file."""
    count = len(relay.signed_files)
    out.say(pick(f"{count} file{'' if count == 1 else 's'}", f"{count}件"), style="bold")
    for load in relay.loads:
        out.say("  " + load_words(load, proposals))
    done = relay.of(Fate.DONE)
    for signed_file in done[:_SHOWN]:
        out.good(f"{signed_file.name}: {signed_file.words}")
    if len(done) > _SHOWN:
        more = len(done) - _SHOWN
        out.good(_("and {more} more, done before", more=more))
    for signed_file in relay.of(Fate.REFUSED):
        out.bad(f"{signed_file.name}: {signed_file.words}")


def load_words(load: RelayTransaction, proposals: dict[int, Proposed]) -> str:
    """What a transaction does, with a number or a name for each of its files."""
    if not load.many:
        signed = load.act.content
        return f"{load.act.name}: {load.act.who} — {headline(signed.message, signed.draft)}"
    ballots = [each.content for each in load.ready]
    supports = Counter(each.message["support"] for each in ballots)
    sums = listed(f"{support_word(each)} {supports[each]}" for each in (1, 0, 2) if supports[each])
    brief, count = proposals[ballots[0].message["proposalId"]].brief, len(ballots)
    return pick(
        f"{brief}: {count} ballot{'' if count == 1 else 's'} in one transaction, {sums}",
        f"{brief}: {count}票を1つの取引で({sums})",
    )


def show_sent(out: Console, load: RelayTransaction, late: Sequence[SignedFile]) -> None:
    """What became of a transaction; `late` were refused only when it was to be sent."""
    for signed_file in late:
        out.bad(f"{signed_file.name}: {signed_file.words}")
    sent = [each for each in load.signed_files if each.fate is Fate.SENT]
    if sent and load.many:
        count, each = len(sent), load.gas // len(sent)
        gas = _("{gas:,} gas", gas=load.gas)
        if count > 1:
            gas += _(", {each:,} gas each", each=each)
        out.good(
            _("{count} counted in block {block:,}, {gas}", count=count, block=load.block, gas=gas)
        )
    elif sent:
        out.good(
            _(
                "{name} done in block {block:,}, {gas:,} gas",
                name=sent[0].name,
                block=load.block,
                gas=load.gas,
            )
        )


def summary(relay: Relay) -> str:
    """`42 files: 40 sent, 1 done before, 1 refused`."""
    words = {
        Fate.READY: ("not sent", "未送信"),
        Fate.SENT: ("sent", "送信"),
        Fate.DONE: ("done before", "処理済み"),
        Fate.REFUSED: ("refused", "受け付けず"),
    }
    counts = {fate: len(relay.of(fate)) for fate in Fate}
    english = ", ".join(f"{counts[fate]} {words[fate][0]}" for fate in Fate if counts[fate])
    japanese = "、".join(f"{words[fate][1]} {counts[fate]}" for fate in Fate if counts[fate])
    count = len(relay.signed_files)
    plural = "" if count == 1 else "s"
    return _(
        "{count} file{plural}: {english}",
        count=count,
        plural=plural,
        english=english,
        japanese=japanese,
    )


def relay_json(relay: Relay) -> dict[str, Any]:
    """A run for programs."""
    return {
        "files": [each.as_json() for each in relay.signed_files],
        **{fate.name.lower(): len(relay.of(fate)) for fate in Fate},
        "transactions": [
            {"transaction": load.transaction, "block": load.block, "gas": load.gas}
            for load in relay.loads
            if load.transaction
        ],
    }
