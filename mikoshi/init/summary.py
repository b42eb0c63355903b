"""What was answered, in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mikoshi.config.model import Config
from mikoshi.init.answers import Answers
from mikoshi.init.draft import ConfigDraft
from mikoshi.init.reading import CHAINS, KINDS
from mikoshi.text.language import listed, pick
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
        "name": lambda: pick(
            f"{config.name}, with tickets {config.dao.symbol}",
            f"{config.name}(会員証の記号は {config.dao.symbol})",
        ),
        "kind": lambda: KINDS[answers.values["kind"]].text,
        "slug": lambda: pick(f"called {config.slug} in files", f"ファイルでの名前は {config.slug}"),
        "symbol": lambda: pick(
            f"the tickets' symbol is {config.dao.symbol}", f"会員証の記号は {config.dao.symbol}"
        ),
        "chain": lambda: chain_words(config.chain_id),
        "members": lambda: _members(answers, config),
        "tickets": lambda: _tickets(config),
        "weight": lambda: _weight(config),
        "memory": lambda: pick(
            f"a contribution counts half after {format_duration(config.voice.half_life)}",
            f"貢献は{format_duration(config.voice.half_life)}で半分に薄れる",
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
    return known.get(chain_id, pick(f"chain {chain_id}", f"チェーン {chain_id}"))


def _members(answers: Answers, config: Config) -> str:
    people, file = config.members, answers.known.founders.file
    names = listed(person.name or show(person.wallet) for person in people[:_SHOWN])
    rest = len(people) - _SHOWN
    more = pick(f" and {rest} more", f" ほか{rest}人") if rest > 0 else ""
    source = pick(f", from {file}", f"({file} より)") if file else ""
    count = pick(
        f"{len(people)} first member{'s' if len(people) > 1 else ''}",
        f"最初のメンバー{len(people)}人",
    )
    return f"{count}: {names}{more}{source}"


def _tickets(config: Config) -> str:
    if not config.transferable_tickets:
        return pick("tickets cannot be sold", "会員証は売れない")
    season = format_duration(config.membership.season)
    return pick(
        f"tickets can be sold; whoever buys one is silent for {season}",
        f"会員証は売れる。買った人は{season}のあいだ声を持たない",
    )


def _weight(config: Config) -> str:
    if not config.voice.k:
        return pick("one member, one vote", "1人1票")
    base, gained = config.voice.base / _SINGLE_VOICE, config.voice.k / Decimal(10**17)
    voice = f"{(base + gained).normalize():f}"
    text = pick(
        f"100 points of merit make a voice of {voice} instead of {base:f}",
        f"貢献点100で声が {base:f} から {voice} になる",
    )
    least = heard_from(config.governance.voice_cap)
    if len(config.members) >= least:
        return text
    return text + pick(f", once {least} people are awake", f"(起きている人が{least}人いれば)")


def _quorum(config: Config) -> str:
    share, count = format_percent(config.governance.quorum), len(config.members)
    people = max(1, -(-count * config.governance.quorum // 10_000))
    return pick(
        f"{share} of those awake must take part: now {people} of {count}",
        f"起きている人の {share} が参加して決まる(いまは{count}人中{people}人)",
    )


def _voting(config: Config) -> str:
    rules = config.governance
    before, period, after = map(
        format_duration, (rules.voting_delay, rules.voting_period, rules.execution_delay)
    )
    return pick(
        f"{before} to read a proposal, {period} to vote, {after} until it can be done",
        f"提案を読む期間{before}、投票{period}、実行できるまで{after}",
    )


def _guardian(config: Config) -> str:
    office = config.guardian
    if office is None:
        return pick("nobody can stop what was decided", "決まったことは誰も止められない")
    who, term = _who(config, office.wallet), format_duration(office.term)
    return pick(
        f"{who} can cancel what passed, for {term}", f"{who} が{term}のあいだ、可決を取り消せる"
    )


def _steward(config: Config) -> str:
    office = config.steward
    if office is None:
        return pick("new members come by vote", "入会は投票で決める")
    who, term = _who(config, office.wallet), format_duration(office.term)
    return pick(f"{who} can admit members, for {term}", f"{who} が{term}のあいだ、人を迎えられる")


def _pace(config: Config) -> str:
    count = config.steward.members_per_epoch if config.steward else 0
    return pick(f"{count:,} of them in 30 days", f"30日に{count:,}人まで")


def _who(config: Config, wallet: str) -> str:
    return show(wallet, name=config.name_of(wallet))
