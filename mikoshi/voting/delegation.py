"""Who speaks for whom: what a delegation changes, and why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mikoshi.ballots.messages import Message, membership_message
from mikoshi.replay.governor import ProposalState
from mikoshi.replay.member import Standing
from mikoshi.text.errors import NothingSentError, NotNowError, ProblemError
from mikoshi.text.language import N_, _, listed
from mikoshi.text.units import DAY
from mikoshi.voting.power import Power, Powers, cap_words
from mikoshi.voting.silence import Who
from mikoshi.words import heads, voices

if TYPE_CHECKING:
    from mikoshi.context.context import Context
    from mikoshi.text.console import Console

_GOOD_FOR = 7 * DAY
"""How long a signed delegation is good unless said otherwise."""


@dataclass(frozen=True)
class Delegation:
    """A member's voice on its way `to` somebody else, or back to themself.

    `giver`, `to` and `now` (who speaks with it so far) are their powers before it. `open` are the
    numbers of the proposals whose voting is open, which it leaves as they are.
    """

    giver: Power
    now: Power
    to: Power
    open: tuple[int, ...]
    json: ClassVar[str] = (
        "member=giver.person.id from=now.person.id to=to.person.id voice=giver.own:str "
        "open_proposals=open"
    )

    @property
    def done(self) -> bool:
        """Whether there is nothing to do."""
        return self.now.person.id == self.to.person.id

    @property
    def back(self) -> bool:
        """Whether the member takes the voice back."""
        return self.to.person.id == self.giver.person.id


def plan_delegation(context: Context, wallet: str, to: str) -> Delegation:
    """What it means that `to` speaks for the member of `wallet`; both are wallets.

    Raises NotNowError where one of them is not an active member.
    """
    rebuilt = context.rebuilt
    powers = Powers(rebuilt, context.names, context.now)
    giver, receiver = (_active(powers, each, lends=each == wallet) for each in (wallet, to))
    current = giver.person.delegate or giver.person.id
    spoken_by = powers.now(current)
    open_ = tuple(
        each.number
        for each in context.proposed
        if rebuilt.governor.state(each.proposal, context.now) == ProposalState.ACTIVE
    )
    return Delegation(giver, spoken_by, receiver, open_)


def delegate_message(context: Context, plan: Delegation, until: str | None) -> Message:
    """The delegation to be signed. Raises BadInputError for an end that cannot be."""
    membership, wallet = context.dao.membership, plan.giver.person.wallet
    return membership_message(
        "Delegate",
        context.session.chain_id,
        membership.address,
        account=wallet,
        delegatee=plan.to.person.wallet,
        nonce=membership.call("nonces", wallet),
        deadline=context.end(until, context.now + _GOOD_FOR),
    )


def show_delegation(out: Console, plan: Delegation, who: Who) -> None:
    """Who speaks for whom afterwards, in numbers."""
    giver, to = plan.giver, plan.to
    name, own = who(giver.person.id), voices(giver.own)
    if plan.back:
        head = _("{name} takes back {own}", name=name, own=own)
    else:
        head = _(
            "{who} will speak for {name}, with {own} more",
            who=who(to.person.id),
            name=name,
            own=own,
        )
    out.say(head, style="bold")
    rows = [_change(to, giver.own, 1, who)]
    if plan.now.person.id not in (to.person.id, giver.person.id) or plan.back:
        rows.append(_change(plan.now, -giver.own, -1, who))
    out.table(("", ""), rows)
    after = to.voice + giver.own
    if after > to.cap:
        counted, cap = voices(to.cap), cap_words(to)
        out.warn(
            _(
                "of the {after} a ballot counts {counted}: {cap}",
                after=voices(after),
                counted=counted,
                cap=cap,
            )
        )
    for note in _notes(plan, who):
        out.say(note)


def _change(power: Power, own: int, person: int, who: Who) -> tuple[str, str]:
    people = len(power.speaks_for)
    after = power.voice + own
    text = listed(
        (
            f"{voices(power.voice)} → {voices(after)}",
            f"{heads(people)} → {heads(people + person)}",
        )
    )
    return who(power.person.id), text


def _notes(plan: Delegation, who: Who) -> list[str]:
    notes = []
    if not plan.back and plan.to.person.delegate != plan.to.person.id:
        further = who(plan.to.person.delegate or 0)
        notes.append(
            _(
                "their own voice is with {further}; what is lent to them is not passed on",
                further=further,
            )
        )
    if plan.open:
        numbers = listed(str(number) for number in plan.open)
        notes.append(
            _("voting is open on {numbers}: there everything stays as it was", numbers=numbers)
        )
    if not plan.back:
        notes.append(_("it can be taken back at any time: `ape run delegate self`"))
    return notes


def _active(powers: Powers, wallet: str, *, lends: bool) -> Power:
    """The power of an Active member. Raises NotNowError."""
    from mikoshi.text.people import short

    person = powers.rebuilt.membership.member_at(wallet)
    if person is None:
        stranger = ProblemError("voice.of-a-stranger", N_("not a member of this DAO"))
        raise _refused(short(wallet), stranger, lends=lends)
    power = powers.now(person.id)
    if person.standing != Standing.ACTIVE:
        raise _refused(powers.who(person.id), powers.standing(person.id), lends=lends)
    return power


def _refused(who: str, silence: ProblemError, *, lends: bool) -> NotNowError:
    if lends:
        return NothingSentError(
            "delegation.of-no-voice",
            N_("{who} cannot lend a voice"),
            "{silence}",
            N_("Only active members have one"),
            who=who,
            silence=silence,
        )
    return NothingSentError(
        "delegation.to-the-inactive",
        N_("{who} cannot speak for others"),
        "{silence}",
        N_("Choose an active member: `ape run members list`"),
        who=who,
        silence=silence,
    )
