"""What the people of a shape do, round after round: some carry it, the others are guests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from mikoshi.ballots.words import ABSTAIN, AGAINST, FOR
from mikoshi.play.regimes.acts import Acts
from mikoshi.play.regimes.agent import Agent, Presence
from mikoshi.play.regimes.shape import MONTH, PACES, PAUSE, TURN, Shape
from mikoshi.text.units import DAY, YEAR

_FOUNDERS = (4, 7)
_SUPPORT, _SUPPORT_WEIGHTS = (FOR, AGAINST, ABSTAIN), (85, 10, 5)
_LEADS = 3  # of those who take part, any of the first so many proposes
_SPEAKS = 0.8
_STOPS = 0.01  # chance in a month of a healthy community
_STOPS_DYING = (0.2, 0.6)
_STAYS_AWAY = (0.5, 0.8)  # after the last pause
_LEAVES = 0.15
_REPLACED, _TRIES, _LENDS = 0.9, 0.3, 0.6
_LENDS_TO_THE_PATRON = 0.5
_OUT_OF_TURN = 0.05
_COMES = (0.75, 0.95)
_PAUSE_BEGINS = range(120, 300)  # day of the first year


class Club:
    """A community of `shape`; all its chances come from `seed`.

    Until `turn`, the round in which a dying one begins to die, both of a seed are the same.
    """

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.chance = chance = Random(seed)
        self.round = 0
        self.pace = chance.choice(PACES) * DAY
        self.pause = chance.choice(_PAUSE_BEGINS) * DAY
        self.turn = -(-chance.choice(TURN) * MONTH // self.pace)
        if shape.rest:
            self.turn = -(-(self.pause + PAUSE + chance.choice((0, 1)) * YEAR) // self.pace)
        self.fading = chance.uniform(*_STOPS_DYING)
        self.wanted, guests = chance.randint(*shape.carriers), chance.randint(*shape.guests)
        founders = min(self.wanted, chance.randint(*_FOUNDERS))
        self.agents = [Agent.draw(chance, number, place=True) for number in range(1, founders + 1)]
        self.groups: dict[Agent, int] = {}
        for agent in self.agents:
            self._settle(agent)
        self.coming = [True] * (self.wanted - founders) + [False] * guests
        self.lent: dict[Agent, Agent] = {}
        self.contributors: list[Agent] = []

    def _settle(self, agent: Agent) -> None:
        """Make somebody a carrier, who takes part in most rounds, in the smallest group."""
        agent.place, agent.drive = True, self.chance.uniform(*_COMES)
        sizes = Counter(group for each, group in self.groups.items() if each.place)
        self.groups[agent] = min(range(self.shape.turns), key=lambda group: sizes[group])

    def paused(self, time: int) -> bool:
        """Whether everybody rests so many seconds after the beginning."""
        return self.shape.rest and 0 <= (time - self.pause) % YEAR < PAUSE and time >= self.pause

    def pauses(self, start: int, lasts: int) -> tuple[tuple[int, int], ...]:
        """From when until when everybody rests in a history that begins at `start`."""
        first, end = start + self.pause, start + lasts
        begins = range(first, end, YEAR) if self.shape.rest else ()
        return tuple((begin, begin + PAUSE) for begin in begins)

    @property
    def dying(self) -> bool:
        """Whether it has begun to die."""
        return self.shape.dies and self.round >= self.turn

    def play(self, acts: Acts) -> None:
        """One round on the chain."""
        acts.begin(self.round)
        if not self.paused(self.round * self.pace):
            self._arrive(acts)
            self._change(acts)
            if self.shape.lend:
                self._lend(acts)
            taking_part = [each for each in self.agents if each.here and self._comes(each)]
            for agent in taking_part:
                if agent.delegates:
                    acts.delegate(agent, agent)
            self._decide(acts, taking_part)
        self.round += 1

    def _in_a_round(self, monthly: float) -> float:
        """The chance in a round of what happens in a month with a chance of `monthly`."""
        return float(1 - (1 - monthly) ** (self.pace / MONTH))

    # Coming and going

    def _arrive(self, acts: Acts) -> None:
        if not acts.has_steward or self.dying:
            return
        share = self.pace / (6 * MONTH)  # nearly all of them while there is a steward
        came = [carries for carries in self.coming if self.chance.random() < 2 * share]
        if self.round == 0 or not came:
            return
        people: list[Agent] = []
        for carries in came:
            self.coming.remove(carries)
            people.append(Agent.draw(self.chance, len(self.agents) + len(people) + 1, place=False))
            if carries:
                self._settle(people[-1])
        acts.admit(people)
        acts.welcome(people)
        self.agents += people

    def _change(self, acts: Acts) -> None:
        """Who stops for good, who takes a place, who wakes."""
        if self.shape.dies and self.shape.rest and self.round == self.turn:
            away = self.chance.uniform(*_STAYS_AWAY)
            for agent in [each for each in self.agents if each.place]:
                if self.chance.random() < away:
                    agent.tire()
        stops = self._in_a_round(self.fading if self.dying else _STOPS)
        for agent in self.agents:
            patron = self.shape.patron and agent is self.agents[0]
            if agent.place and not patron and self.chance.random() < stops:
                self._stop(acts, agent)
            if agent.place and not agent.here:
                acts.come_back(agent)
        missing = self.wanted - sum(agent.place for agent in self.agents)
        free = [each for each in self.agents if not each.place and not each.tired]
        guests = [each for each in free if each.presence in (Presence.HERE, Presence.DORMANT)]
        asked = not self.dying and guests and missing > sum(self.coming)
        if asked and self.chance.random() < self._in_a_round(_REPLACED):
            self._settle(self.chance.choice(guests))

    def _stop(self, acts: Acts, agent: Agent) -> None:
        agent.tire()
        luck = self.chance.random()
        if luck < _LEAVES and agent.here:
            acts.leave(agent)
        elif self.shape.patron and luck < _LEAVES + _LENDS_TO_THE_PATRON and agent.here:
            acts.delegate(agent, self.agents[0])

    def _lend(self, acts: Acts) -> None:
        """Guests choose somebody to speak for them, and in a living community another in time."""
        trusted = [each for each in self.agents if each.place and each.here]
        for agent in self.agents:
            content = agent.delegates and (self.dying or self.lent[agent] in trusted)
            if not agent.here or agent.place or agent.tired or content or not trusted:
                continue
            if self.chance.random() < self._in_a_round(_LENDS):
                self.lent[agent] = self.chance.choice(trusted)
                acts.delegate(agent, self.lent[agent])

    # Deciding

    def _comes(self, agent: Agent) -> bool:
        """Whether somebody takes part in this round."""
        luck = self.chance.random()
        if not agent.place:
            new = not agent.tired and agent.id > len(self.agents) - 2
            return new and not self.shape.lend and luck < _TRIES
        turn = self.round * self.pace // MONTH % self.shape.turns
        return luck < (agent.drive if self.groups[agent] == turn else _OUT_OF_TURN)

    def _decide(self, acts: Acts, taking_part: Sequence[Agent]) -> None:
        """A proposal, if anybody makes one: thanks once a month, or the rent."""
        speaker = self._speaker(taking_part)
        if speaker is None:
            return
        self.contributors += taking_part
        rewarded: list[Agent] = []
        if self.round % max(1, MONTH // self.pace) == 0:
            rewarded, self.contributors = self.contributors, []
            if self.shape.patron:
                rewarded = [each for each in self.agents if each.presence is not Presence.LEFT]
        draft = acts.propose(speaker, (), rewarded)
        supports = self.chance.choices(_SUPPORT, _SUPPORT_WEIGHTS, k=len(taking_part))
        acts.vote(draft, list(zip(taking_part, supports, strict=True)))
        acts.lapse(speaker, self.agents)
        acts.execute(draft)

    def _speaker(self, taking_part: Sequence[Agent]) -> Agent | None:
        patron = self.agents[0]
        if self.shape.patron and patron in taking_part:
            return patron
        carrying = [each for each in taking_part if each.place][:_LEADS]
        return next((each for each in carrying if self.chance.random() < _SPEAKS), None)
