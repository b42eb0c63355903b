"""What was answered, in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mikoshi.config.danger import BPS, lasting_of
from mikoshi.config.model import Config
from mikoshi.init.answers import Answers
from mikoshi.init.draft import ConfigDraft
from mikoshi.init.reading import CHAINS, KINDS
from mikoshi.text.language import _, listed, ngettext
from mikoshi.text.people import show
from mikoshi.text.units import format_duration, format_percent
from mikoshi.voting.power import heard_from

_SHOWN = 8
_SINGLE_VOICE = Decimal(10**9)


def rows(answers: Answers, draft: ConfigDraft) -> Iterator[tuple[str, str]]:
    """Each question that was answered: its number, and what the answer means."""
    for number, question in enumerate(answers.given, 1):
        yield str(number), _words(question.name, answers, draft.config)


def _words(name: str, answers: Answers, config: Config) -> str:
    return {
        "name": lambda: _(
            "{name}, with tickets {symbol}", name=config.name, symbol=config.dao.symbol
        ),
        "kind": lambda: KINDS[answers.values["kind"]].text,
        "slug": lambda: _("called {slug} in files", slug=config.slug),
        "symbol": lambda: _("the tickets' symbol is {symbol}", symbol=config.dao.symbol),
        "chain": lambda: chain_words(config.chain_id),
        "members": lambda: _members(answers, config),
        "tickets": lambda: _tickets(config),
        "weight": lambda: _weight(config),
        "memory": lambda: _(
            "a contribution counts half after {half_life}",
            half_life=format_duration(config.voice.half_life),
        ),
        "quorum": lambda: _quorum(config),
        "voting": lambda: _voting(config),
        "guardian": lambda: _guardian(config),
        "steward": lambda: _steward(config),
        "pace": lambda: _pace(config),
    }[name]()


def chain_words(chain_id: int) -> str:
    """Where a DAO lives."""
    known = {31_337: CHAINS["local"].text, 11_155_111: CHAINS["sepolia"].text}
    return known.get(chain_id, _("chain {chain_id}", chain_id=chain_id))


def _members(answers: Answers, config: Config) -> str:
    people, founders = config.members, answers.known.founders
    names = listed(person.name or show(person.wallet) for person in people[:_SHOWN])
    rest = len(people) - _SHOWN
    more = _(" and {rest} more", rest=rest) if rest > 0 else ""
    source = _(", from {file}", file=founders.file) if founders.file else ""
    if founders.left_out:
        source += f" ({founders.left_out})"
    return ngettext(
        "{count} first member: {names}{more}{source}",
        "{count} first members: {names}{more}{source}",
        len(people),
        count=len(people),
        names=names,
        more=more,
        source=source,
    )


def _tickets(config: Config) -> str:
    if not config.transferable_tickets:
        return _("tickets cannot be sold")
    season = format_duration(config.membership.season)
    return _("tickets can be sold; whoever buys one is silent for {season}", season=season)


def _weight(config: Config) -> str:
    if config.voice.most == BPS:
        return _("one member, one vote")
    base = config.voice.base / _SINGLE_VOICE
    voice = f"{(base * config.voice.most / BPS).normalize():f}"
    text = _(
        "{full:,} points of merit make a voice of {voice} instead of {base:f}, and nobody has more",
        full=config.voice.full,
        voice=voice,
        base=base,
    )
    least = heard_from(config.governance.voice_cap)
    if len(config.members) >= least:
        return text
    return text + _(", once {least} people are awake", least=least)


def _quorum(config: Config) -> str:
    share, count = format_percent(config.governance.quorum), len(config.members)
    now = lasting_of(config, count)
    return _(
        "{share} of those awake must take part: now {people} of {count}; {holders} could hold "
        "power for ever after one vote that nobody opposed",
        share=share,
        people=now.needed,
        count=count,
        holders=now.holders,
    )


def _voting(config: Config) -> str:
    rules = config.governance
    before, period, after = map(
        format_duration, (rules.voting_delay, rules.voting_period, rules.execution_delay)
    )
    return _(
        "{before} to read a proposal, {period} to vote, {after} until it can be done",
        before=before,
        period=period,
        after=after,
    )


def _guardian(config: Config) -> str:
    office = config.guardian
    if office is None:
        return _("nobody can stop what was decided")
    who, term = _who(config, office.wallet), format_duration(office.term)
    return _("{who} can cancel what passed, for {term}", who=who, term=term)


def _steward(config: Config) -> str:
    office = config.steward
    if office is None:
        return _("new members come by vote")
    who, term = _who(config, office.wallet), format_duration(office.term)
    return _("{who} can admit members, for {term}", who=who, term=term)


def _pace(config: Config) -> str:
    count = config.steward.members_per_epoch if config.steward else 0
    return _("{count:,} of them in 30 days", count=count)


def _who(config: Config, wallet: str) -> str:
    return show(wallet, name=config.name_of(wallet))
