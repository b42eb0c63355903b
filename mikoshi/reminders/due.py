"""What is due, and what will be, read from the DAO as its events tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mikoshi.context.context import Context
from mikoshi.context.proposed import Proposed
from mikoshi.page.build import proposal_link
from mikoshi.reminders.reminder import Due, Reminder
from mikoshi.replay.dao import RebuiltDao
from mikoshi.replay.governor import Proposal, ProposalState
from mikoshi.replay.member import Standing
from mikoshi.replay.voice import EPOCH
from mikoshi.report.alarm import Alarm
from mikoshi.status.proposal_status import ProposalStatus
from mikoshi.status.words import outlook
from mikoshi.text.console import visible
from mikoshi.text.language import _, listed
from mikoshi.text.units import DAY, format_time
from mikoshi.words import heads
from mikoshi.words.seats import asking_words, open_seats

_URL = re.compile(r"https?://[\w.:/~%?&=+-]+", re.ASCII)
_STAMP = 30 * DAY  # acts within it are not recorded
_LAST_DAY = DAY
_BEFORE_LAPSING = 7 * DAY


def reminders(context: Context, alarms: Sequence[Alarm] = ()) -> list[Reminder]:
    """Everything that is due now or has a date to come, in the language spoken now.

    `alarms` are those that ring.
    """
    rebuilt, now = context.rebuilt, context.now
    page, chain = context.session.config.page.url, context.manifest.chain_id
    found = [
        each
        for proposed in context.proposed
        for each in _of_proposal(ProposalStatus.of(proposed, rebuilt.governor, now), page, chain)
    ]
    found += _lapses(rebuilt, now)
    found += _seats(rebuilt, now, page)
    found += [_alarm(rebuilt, now, each) for each in alarms]
    return sorted((each for each in found if now < each.until), key=lambda each: each.at)


def _of_proposal(status: ProposalStatus, page: str, chain: int) -> Iterator[Reminder]:
    if not status.live:
        return
    made, now, brief = status.proposal, status.now, visible(status.proposed.brief)
    link = _link(status.proposed, page, chain)

    def reminder(kind: Due, at: int, until: int, title: str, text: str, turn: int = 0) -> Reminder:
        key = f"{kind}/{made.governor.address}/{made.id}" + (f"/{turn}" if turn else "")
        return Reminder(key, kind, at, until, title, text, link)

    opens, closes = format_time(made.snapshot, now), format_time(made.deadline, now)
    if status.state is ProposalState.PENDING:
        yield reminder(
            Due.PROPOSED,
            _proposed_at(made),
            made.snapshot,
            _("Proposed: {proposal}", proposal=brief),
            _(
                "Voting opens {opens}. Whoever is dormant then has no voice on it: wake before.",
                opens=opens,
            ),
        )
    if status.state in (ProposalState.PENDING, ProposalState.ACTIVE):
        yield reminder(
            Due.OPENED,
            made.snapshot + 1,
            made.deadline,
            _("Voting is open: {proposal}", proposal=brief),
            _(
                "It closes {closes}. {needed} have to take part, For or Abstain.",
                closes=closes,
                needed=heads(status.needed),
            ),
        )
    if status.state is ProposalState.ACTIVE:
        yield reminder(
            Due.CLOSING,
            max(made.snapshot + 1, made.deadline - _LAST_DAY),
            made.deadline,
            _("The last 24 hours: {proposal}", proposal=brief),
            _(
                "Voting closes {closes}; {outlook}.",
                closes=closes,
                outlook=outlook(status),
            ),
            made.deadline,  # a late turn moves it, and is said again
        )
    if status.state is ProposalState.QUEUED:
        yield reminder(
            Due.READY,
            made.eta,
            made.expiry,
            _("Ready to be executed: {proposal}", proposal=brief),
            _(
                "It has passed. Anyone can execute it until {expiry}; after that it is void.",
                expiry=format_time(made.expiry, now),
            ),
        )


def _proposed_at(made: Proposal) -> int:
    return made.snapshot - made.settings["votingDelay"]


def _link(proposed: Proposed, page: str, chain: int) -> str:
    governor = proposed.proposal.governor.address
    return proposal_link(page, chain, governor, proposed.id) if _URL.fullmatch(page) else ""


def _lapses(rebuilt: RebuiltDao, now: int) -> Iterator[Reminder]:
    """The active whom anybody could let fall dormant soon; days of acts are whole days."""
    silence = rebuilt.membership.settings_at(now)["dormantAfter"] + _STAMP
    for person in rebuilt.membership.members.values():
        due = person.stamp * DAY + silence
        if person.standing is Standing.ACTIVE and due - _BEFORE_LAPSING <= now:
            yield Reminder(
                f"{Due.LAPSES}/{person.id}/{person.stamp}",
                Due.LAPSES,
                due - _BEFORE_LAPSING,
                due,
                _("#{member} falls silent", member=person.id),
                _(
                    "Without an act of their own #{member} can be made dormant from {due} on: a "
                    "member still, without a voice until they wake. Any act will do, such as a "
                    "vote.",
                    member=person.id,
                    due=format_time(due, now),
                ),
            )


def _seats(rebuilt: RebuiltDao, now: int, page: str) -> Iterator[Reminder]:
    """The seats that somebody asks for: their owners can end only what they know of."""
    for each in open_seats(rebuilt, now):
        member, asked = each.person.id, each.request
        yield Reminder(
            f"{Due.SEAT}/{member}/{rebuilt.succession.nonce(member)}",
            Due.SEAT,
            asked.asked_at,
            asked.expires_at + 1,
            _("Somebody asks for the seat of #{member}", member=member),
            _(
                "{asks}: for the wallet {wallet}, from {ready} on. If #{member} still has their "
                "own wallet, one tap on the page, under Me, ends it.",
                asks=asking_words(asked),
                wallet=asked.wallet,
                ready=format_time(asked.ready_at, now),
                member=member,
            ),
            f"{page.partition('#')[0]}#me" if _URL.fullmatch(page) else "",
        )


def _alarm(rebuilt: RebuiltDao, now: int, alarm: Alarm) -> Reminder:
    """An alarm, once in each 30 days for as long as it rings."""
    voice = rebuilt.membership.voice
    epoch = voice.epoch(now)
    ends = voice.t0 + (epoch + 1) * EPOCH
    whom = listed(f"#{member}" for member in alarm.whom)
    return Reminder(
        f"{Due.ALARM}/{alarm.name}/{epoch}",
        Due.ALARM,
        min(now, ends - 1),
        ends,
        _("Alarm: {title}", title=alarm.title),
        _("{text}. What helps: {advice} ({whom})", text=alarm.text, advice=alarm.advice, whom=whom),
    )
