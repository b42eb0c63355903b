"""A plan and its outcome in words."""

from __future__ import annotations

from pathlib import Path

from mikoshi.chain.networks import LOCAL_CHAINS
from mikoshi.config.danger import lasting_of
from mikoshi.config.model import Config
from mikoshi.core.manifest import PARTS, Manifest
from mikoshi.deploy.charter import charter_to_fill_in
from mikoshi.deploy.creations import CREATE
from mikoshi.deploy.plan import ADMIT, DeployPlan, DeployStep
from mikoshi.deploy.refusals import twin_words
from mikoshi.text import clock
from mikoshi.text.console import Console
from mikoshi.text.language import _, listed, ngettext, pgettext
from mikoshi.text.paths import shown
from mikoshi.text.people import ZERO_ADDRESS, show
from mikoshi.text.units import DAY, format_countdown, format_percent, format_time
from mikoshi.voting.power import heard_from


def show_plan(out: Console, plan: DeployPlan, config: Config, who: str = "") -> None:
    """What would be sent and what is there afterwards; `who` is the account's name."""
    manifest = plan.manifest
    title = _("{name} on chain {chain_id}", name=manifest.name, chain_id=manifest.chain_id)
    state = _("exists") if plan.created else _("plan, nothing sent yet")
    out.say(f"{title}    {state}", style="bold")
    rows = []
    if not plan.created:
        rows.append((_("shared contracts"), _shared(plan)))
    first, *rest = _sends(plan)
    rows.append((_("sends"), first))
    rows += [("", line) for line in rest]
    rows += _addresses(manifest)
    rows.append((_("first members"), _members(plan)))
    if config.members_left_out:
        rows.append(("", config.members_left_out))
    rows += _cap(config)
    rows.append((_("who could hold power"), lasting_of(config, len(config.members)).text))
    rows += _offices(plan, config)
    rows.append((_("afterwards"), _afterwards(plan, config.source.name, who)))
    out.table(["", ""], rows)
    apart = plan.manifest.t0 - clock.now()
    if not plan.created and abs(apart) > DAY and config.chain_id not in LOCAL_CHAINS:
        out.warn(_clocks(apart, plan.manifest.t0))
    blank = "" if plan.created else charter_to_fill_in(config)
    if blank:
        out.warn(blank)
    if plan.twin is not None:
        out.warn(twin_words(plan.twin))
        out.table([_("the one there"), ""], _addresses(plan.twin))


def show_adopted(out: Console, manifest: Manifest, path: Path) -> None:
    """That the record of a DAO has been written from the chain."""
    block = f"{manifest.block:,}"
    out.good(
        _(
            "{name} was created in block {block}; its code and wiring are as they should be",
            name=manifest.name,
            block=block,
        )
    )
    out.good(_("wrote {path}", path=shown(path)))


def show_done(out: Console, manifest: Manifest, path: str) -> None:
    """That a DAO has been created, and where that is written down."""
    out.good(_("created in block {block:,}", block=manifest.block))
    out.good(_("wrote {path}", path=path))


def show_existing(out: Console, manifest: Manifest) -> None:
    """That there was nothing to do."""
    out.good(_("created already, in block {block:,}; nothing was sent", block=manifest.block))


def show_later(out: Console, plan: DeployPlan, config: Config, command: str) -> None:
    """Whom of the file the steward still has to admit, and with what command."""
    if plan.later:
        holder = plan.manifest.params["steward"]["holder"]
        file, steward = config.source.name, show(holder, name=config.name_of(holder))
        out.warn(
            ngettext(
                "{count} member of {file} is admitted by the steward {steward}: {command}",
                "{count} members of {file} are admitted by the steward {steward}: {command}",
                len(plan.later),
                count=len(plan.later),
                file=file,
                steward=steward,
                command=command,
            )
        )


def _clocks(apart: int, beginning: int) -> str:
    """That the chain's clock is `apart` seconds from this computer's; Unix seconds."""
    span, moment = format_countdown(abs(apart)), format_time(beginning, beginning - apart)
    if apart < 0:
        return _(
            "This chain's clock is {span} behind this computer's; the DAO begins by the chain's:"
            " {moment}",
            span=span,
            moment=moment,
        )
    return _(
        "This chain's clock is {span} ahead of this computer's; the DAO begins by the chain's:"
        " {moment}",
        span=span,
        moment=moment,
    )


def _addresses(manifest: Manifest) -> list[tuple[str, str]]:
    rows = [(_(part), manifest.addresses[part]) for part in PARTS]
    return rows + ([(_("succession"), manifest.succession)] if manifest.succession else [])


def _shared(plan: DeployPlan) -> str:
    total = len(plan.present) + len(plan.absent)
    there = _("{count} of {total} already on this chain", count=len(plan.present), total=total)
    if not plan.absent:
        return there
    return there + _("; + {absent}", absent=listed(plan.absent))


def _sends(plan: DeployPlan) -> list[str]:
    if not plan.steps:
        return [_("nothing")]
    count = len(plan.steps)
    cost = plan.fees.priced(plan.gas)
    total = ngettext(
        "{count} transaction, about {cost}",
        "{count} transactions, about {cost}",
        count,
        count=count,
        cost=cost,
    )
    steps = [_("{step}  {gas:,} gas", step=_called(step), gas=step.gas) for step in plan.steps]
    return [total, *(f"  {step}" for step in steps)]


def _called(step: DeployStep) -> str:
    """`create` and `admit 101–200` in words; a contract by its name."""
    word, __, which = step.name.partition(" ")
    if word == CREATE:
        return pgettext("a step of the deployment", "create")
    return _("admit {which}", which=which) if word == ADMIT else step.name


def _members(plan: DeployPlan) -> str:
    first = len(plan.manifest.params["members"])
    admitted = sum(step.name != CREATE and step.makes is None for step in plan.steps)
    text = _("{first} in the creation", first=first)
    if admitted:
        text += ngettext(
            ", then {count} admission", ", then {count} admissions", admitted, count=admitted
        )
    if plan.later:
        count = len(plan.later)
        text += ngettext(
            "; {count} waits for the steward", "; {count} wait for the steward", count, count=count
        )
    return text


def _cap(config: Config) -> list[tuple[str, str]]:
    """That nobody can yet weigh more than others, where so few are that the cap is the base."""
    bps, count = config.governance.voice_cap, len(config.members)
    least = heard_from(bps)
    if count >= least:
        return []
    text = ngettext(
        "no more than the base voice, with {count} member: lent voice and merit count from "
        "{least} awake (cap {share})",
        "no more than the base voice, with {count} members: lent voice and merit count from "
        "{least} awake (cap {share})",
        count,
        count=count,
        least=least,
        share=format_percent(bps),
    )
    return [(_("a ballot weighs"), text)]


def _offices(plan: DeployPlan, config: Config) -> list[tuple[str, str]]:
    params, now = plan.manifest.params, plan.manifest.t0
    words = {
        "guardian": (
            _("guardian"),
            _("may only cancel what passed"),
        ),
        "steward": (
            _("steward"),
            _("may only admit members"),
        ),
    }
    rows = []
    for office, (title, power) in words.items():
        holder, until = params[office]["holder"], params[office]["until"]
        if holder != ZERO_ADDRESS:
            person = show(holder, name=config.name_of(holder))
            end = format_time(until, now)
            rows.append(
                (title, _("{person}, until {end}: {power}", person=person, end=end, power=power))
            )
    return rows


def _afterwards(plan: DeployPlan, file: str, who: str) -> str:
    params = plan.manifest.params
    held = [
        name
        for name, word in (
            (_("the guardian"), "guardian"),
            (_("the steward"), "steward"),
        )
        if plan.sender and params[word]["holder"].lower() == plan.sender.lower()
    ]
    who = who or _("whoever sends it")
    if held:
        return _(
            "{who} is {offices}, as {file} says, and holds no other role",
            who=who,
            offices=_(" and ").join(held),
            file=file,
        )
    return _("{who} holds no role: nothing of the DAO is theirs", who=who)
