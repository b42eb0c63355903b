"""A plan and its outcome in words."""

from __future__ import annotations

from pathlib import Path

from mikoshi import clock
from mikoshi.check.japanese import in_japanese
from mikoshi.config import Config
from mikoshi.console import Console
from mikoshi.deploy.charter import charter_to_fill_in
from mikoshi.deploy.creations import CREATE
from mikoshi.deploy.plan import ADMIT, Plan, Step
from mikoshi.deploy.refusals import twin_words
from mikoshi.language import listed, pick
from mikoshi.manifest import PARTS, Manifest
from mikoshi.paths import shown
from mikoshi.people import ZERO_ADDRESS, show
from mikoshi.units import DAY, format_countdown, format_percent, format_time
from mikoshi.voting.cap import heard_from


def show_plan(out: Console, plan: Plan, config: Config, who: str = "") -> None:
    """What would be sent and what is there afterwards; `who` is the account's name."""
    manifest = plan.manifest
    title = pick(
        f"{manifest.name} on chain {manifest.chain_id}",
        f"{manifest.name}(チェーン {manifest.chain_id})",
    )
    state = (
        pick("exists", "作成済み")
        if plan.created
        else pick("plan, nothing sent yet", "計画。まだ何も送っていません")
    )
    out.say(f"{title}    {state}", style="bold")
    rows = []
    if not plan.created:
        rows.append((pick("shared contracts", "共通コントラクト"), _shared(plan)))
    first, *rest = _sends(plan)
    rows.append((pick("sends", "送るもの"), first))
    rows += [("", line) for line in rest]
    rows += _addresses(manifest)
    rows.append((pick("first members", "最初のメンバー"), _members(plan)))
    rows += _cap(config)
    rows += _offices(plan, config)
    rows.append((pick("afterwards", "作成後"), _afterwards(plan, config.source.name, who)))
    out.table(["", ""], rows)
    apart = plan.manifest.t0 - clock.now()
    if not plan.created and abs(apart) > DAY:
        out.warn(_clocks(apart, plan.manifest.t0))
    blank = "" if plan.created else charter_to_fill_in(config)
    if blank:
        out.warn(blank)
    if plan.twin is not None:
        out.warn(twin_words(plan.twin))
        out.table([pick("the one there", "すでにあるDAO"), ""], _addresses(plan.twin))


def show_adopted(out: Console, manifest: Manifest, path: Path) -> None:
    """That the record of a DAO has been written from the chain."""
    block = f"{manifest.block:,}"
    out.good(
        pick(
            f"{manifest.name} was created in block {block}; its code and wiring are as they should"
            " be",
            f"{manifest.name} はブロック {block} で作成済みで、コードとつながりは正しいものでした",
        )
    )
    out.good(pick(f"wrote {shown(path)}", f"{shown(path)} に記録しました"))


def show_done(out: Console, manifest: Manifest, path: str) -> None:
    """That a DAO has been created, and where that is written down."""
    out.good(
        pick(f"created in block {manifest.block:,}", f"ブロック {manifest.block:,} で作成しました")
    )
    out.good(pick(f"wrote {path}", f"{path} に記録しました"))


def show_existing(out: Console, manifest: Manifest) -> None:
    """That there was nothing to do."""
    out.good(
        pick(
            f"created already, in block {manifest.block:,}; nothing was sent",
            f"ブロック {manifest.block:,} で作成済みです。何も送っていません",
        )
    )


def show_later(out: Console, plan: Plan, file: str, command: str) -> None:
    """Whom of `file` the steward still has to admit, and with what command."""
    if plan.later:
        steward = show(plan.manifest.params["steward"]["holder"])
        out.warn(
            pick(
                f"{len(plan.later)} members of {file} are admitted by the steward {steward}:"
                f" {command}",
                f"残りの{len(plan.later)}人は、スチュワード {steward} が {command} で迎えます",
            )
        )


def _clocks(apart: int, beginning: int) -> str:
    """That the chain's clock is `apart` seconds from this computer's; Unix seconds."""
    span, moment = format_countdown(abs(apart)), format_time(beginning, beginning - apart)
    side, japanese = ("behind", "遅れて") if apart < 0 else ("ahead of", "進んで")
    return pick(
        f"This chain's clock is {span} {side} this computer's; the DAO begins by the chain's:"
        f" {moment}",
        f"このチェーンの時計は、このコンピューターより{span}{japanese}います。"
        f"DAOはチェーンの時計で始まります: {moment}",
    )


def _addresses(manifest: Manifest) -> list[tuple[str, str]]:
    return [(pick(part, in_japanese(part)), manifest.addresses[part]) for part in PARTS]


def _shared(plan: Plan) -> str:
    total = len(plan.present) + len(plan.absent)
    there = pick(
        f"{len(plan.present)} of {total} already on this chain",
        f"{total}個のうち{len(plan.present)}個はこのチェーンにあります",
    )
    if not plan.absent:
        return there
    return there + pick(f"; + {listed(plan.absent)}", f"。送るのは {listed(plan.absent)}")


def _sends(plan: Plan) -> list[str]:
    if not plan.steps:
        return [pick("nothing", "ありません")]
    count = len(plan.steps)
    cost = plan.fees.priced(plan.gas)
    lines = [
        pick(
            f"{count} transaction{'s' if count > 1 else ''}, about {cost}",
            f"取引{count}件、約 {cost}",
        )
    ]
    lines += [f"  {_called(step)}  {step.gas:,} {pick('gas', 'ガス')}" for step in plan.steps]
    return lines


def _called(step: Step) -> str:
    """`create` and `admit 101–200` in words; a contract by its name."""
    word, _, which = step.name.partition(" ")
    word = pick(word, {CREATE: "DAOの作成", ADMIT: "入会"}.get(word, word))
    return f"{word} {which}".rstrip()


def _members(plan: Plan) -> str:
    first = len(plan.manifest.params["members"])
    admitted = sum(step.name != CREATE and step.makes is None for step in plan.steps)
    text = pick(f"{first} in the creation", f"作成時に{first}人")
    if admitted:
        text += pick(f", then {admitted} admissions", f"、そのあと{admitted}回に分けて追加")
    if plan.later:
        text += pick(
            f"; {len(plan.later)} wait for the steward", f"。{len(plan.later)}人はスチュワード待ち"
        )
    return text


def _cap(config: Config) -> list[tuple[str, str]]:
    """That nobody can yet weigh more than others, where so few are that the cap is the base."""
    bps, count = config.governance.voice_cap, len(config.members)
    least = heard_from(bps)
    if count >= least:
        return []
    share = format_percent(bps)
    few = "1 member" if count == 1 else f"{count} members"
    text = pick(
        f"no more than the base voice, with {few}: lent voice and merit count from"
        f" {least} awake (cap {share})",
        f"{count}人では全員が持つ声まで。託された声と貢献点は、起きている人が{least}人から"
        f"数えます(上限 {share})",
    )
    return [(pick("a ballot weighs", "1票の重さ"), text)]


def _offices(plan: Plan, config: Config) -> list[tuple[str, str]]:
    params, now = plan.manifest.params, plan.manifest.t0
    words = {
        "guardian": (
            pick("guardian", "ガーディアン"),
            pick("may only cancel what passed", "可決された提案の取り消しだけ"),
        ),
        "steward": (
            pick("steward", "スチュワード"),
            pick("may only admit members", "メンバーを迎えることだけ"),
        ),
    }
    rows = []
    for office, (title, power) in words.items():
        holder, until = params[office]["holder"], params[office]["until"]
        if holder != ZERO_ADDRESS:
            person = show(holder, name=config.name_of(holder))
            end = format_time(until, now)
            rows.append(
                (title, pick(f"{person}, until {end}: {power}", f"{person}、{end}まで: {power}"))
            )
    return rows


def _afterwards(plan: Plan, file: str, who: str) -> str:
    params = plan.manifest.params
    held = [
        name
        for name, word in (
            (pick("the guardian", "ガーディアン"), "guardian"),
            (pick("the steward", "スチュワード"), "steward"),
        )
        if plan.sender and params[word]["holder"].lower() == plan.sender.lower()
    ]
    you = f"{who} " if who else pick("whoever sends it ", "送信した人")
    if held:
        offices = pick(" and ", "と").join(held)
        return pick(
            f"{you}is {offices}, as {file} says, and holds no other role",
            f"{you}は {file} のとおり{offices}になり、ほかの権限は持ちません",
        )
    return pick(
        f"{you}holds no role: nothing of the DAO is theirs",
        f"{you}は何の権限も持ちません",
    )
