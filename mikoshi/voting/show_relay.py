"""Relaying on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from mikoshi.ballots.words import support_word
from mikoshi.context.proposed import Proposed
from mikoshi.text.console import Console
from mikoshi.text.json import plain
from mikoshi.text.language import _, listed, ngettext
from mikoshi.voting.relay import Relay, RelayTransaction
from mikoshi.voting.signed_file import Fate, SignedFile

_SHOWN = 20


def show_relay(out: Console, relay: Relay, proposals: dict[int, Proposed]) -> None:
    """What will be sent, what is done already, and what was refused, by file."""
    count = len(relay.signed_files)
    out.say(ngettext("{count} file", "{count} files", count, count=count), style="bold")
    for transaction in relay.transactions:
        out.say("  " + transaction_words(transaction, proposals))
    _show_done(out, relay.of(Fate.DONE))
    for signed_file in relay.of(Fate.REFUSED):
        out.bad(f"{signed_file.name}: {signed_file.words}")


def _show_done(out: Console, done: Sequence[SignedFile]) -> None:
    for signed_file in done[:_SHOWN]:
        out.good(f"{signed_file.name}: {signed_file.words}")
    if len(done) > _SHOWN:
        more = len(done) - _SHOWN
        out.good(_("and {more} more, done before", more=more))


def transaction_words(transaction: RelayTransaction, proposals: dict[int, Proposed]) -> str:
    """What a transaction does, with a number or a name for each of its files."""
    if transaction.request:
        asked = transaction.request.request
        return _(
            "{files}: the seat of #{member} is asked for, for the wallet {wallet}",
            files=listed(each.name for each in transaction.ready),
            member=asked.id,
            wallet=asked.wallet,
        )
    if not transaction.many:
        act = transaction.act
        return f"{act.name}: {act.who} — {act.says}"
    ballots = [each.content for each in transaction.ready]
    supports = Counter(each.message["support"] for each in ballots)
    sums = listed(f"{support_word(each)} {supports[each]}" for each in (1, 0, 2) if supports[each])
    brief, count = proposals[ballots[0].message["proposalId"]].brief, len(ballots)
    return ngettext(
        "{proposal}: {count} ballot in one transaction, {sums}",
        "{proposal}: {count} ballots in one transaction, {sums}",
        count,
        proposal=brief,
        count=count,
        sums=sums,
    )


def show_sent(out: Console, transaction: RelayTransaction, late: Sequence[SignedFile]) -> None:
    """What became of a transaction; `late` were not taken any more when it was to be sent."""
    _show_done(out, [each for each in late if each.fate is Fate.DONE])
    for signed_file in late:
        if signed_file.fate is Fate.REFUSED:
            out.bad(f"{signed_file.name}: {signed_file.words}")
    sent = [each for each in transaction.signed_files if each.fate is Fate.SENT]
    if sent and transaction.many:
        count, each = len(sent), transaction.gas // len(sent)
        out.good(
            ngettext(
                "{count} counted in block {block:,}, {gas:,} gas",
                "{count} counted in block {block:,}, {gas:,} gas, {each:,} gas each",
                count,
                count=count,
                block=transaction.block,
                gas=transaction.gas,
                each=each,
            )
        )
    elif sent:
        out.good(
            _(
                "{name} done in block {block:,}, {gas:,} gas",
                name=sent[0].name,
                block=transaction.block,
                gas=transaction.gas,
            )
        )


def summary(relay: Relay) -> str:
    """`42 files: 40 sent, 1 done before, 1 refused`."""
    words = {
        Fate.READY: _("not sent"),
        Fate.SENT: _("sent"),
        Fate.DONE: _("done before"),
        Fate.REFUSED: _("refused"),
    }
    counts = {fate: len(relay.of(fate)) for fate in Fate}
    results = listed(
        _("{count} {result}", count=counts[fate], result=words[fate])
        for fate in Fate
        if counts[fate]
    )
    count = len(relay.signed_files)
    return ngettext(
        "{count} file: {results}", "{count} files: {results}", count, count=count, results=results
    )


def relay_json(relay: Relay) -> dict[str, Any]:
    """A run for programs."""
    return {
        "files": plain(relay.signed_files),
        **{fate.name.lower(): len(relay.of(fate)) for fate in Fate},
        "transactions": plain([each for each in relay.transactions if each.hash]),
    }
