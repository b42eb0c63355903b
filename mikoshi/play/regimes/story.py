"""What the people of a simulated community do, round after round, by chance and by their drive."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from random import Random

from mikoshi.ballots.words import ABSTAIN, AGAINST, FOR
from mikoshi.play.regimes.acts import Acts
from mikoshi.play.regimes.agent import Agent, Presence
from mikoshi.play.regimes.regime import (
    ARRIVALS,
    BURNOUT,
    DRIFT_WELCOME,
    FOUNDERS,
    LOSS,
    ORPHANED,
    ROUND,
    ROUNDS_A_MONTH,
    SIZE,
    TURN,
    Regime,
)

_LEAD_SPEAKS, _OTHER_SPEAKS = 0.9, 0.25
_DRIFTER_CONTRIBUTES = 0.3
_SUPPORT, _SUPPORT_WEIGHTS = (FOR, AGAINST, ABSTAIN), (85, 10, 5)
_RESTS, _LENDS_VOICE, _LEAVES = 0.02, 0.06, 0.02


class Story:
    """A community that lives in `regime`; all its chances come from `seed`."""

    def __init__(self, regime: Regime, seed: int) -> None:
        self.regime = regime
        self.chance = chance = Random(seed)
        self.round, self.pace = 0, ROUND
        self.turn, self.burnout = chance.choice(TURN), chance.choice(BURNOUT)
        founders = range(1, chance.choice(FOUNDERS) + 1)
        self.agents = [Agent.draw(chance, number, place=True) for number in founders]
        self.agents[0].devoted = True
        newcomers = chance.choice(SIZE) - len(founders)
        early = range(len(ARRIVALS), 0, -1)
        self.arrivals = Counter(chance.choices(ARRIVALS, early, k=newcomers))
        self.applicants: list[Agent] = []
        self.contributors: list[Agent] = []
        self.lately: deque[set[int]] = deque(maxlen=ROUNDS_A_MONTH)

    def pauses(self, _start: int, _lasts: int) -> tuple[tuple[int, int], ...]:
        """Nobody agrees on one."""
        return ()

    @property
    def turned(self) -> bool:
        """Whether the regime decides how people live."""
        return self.round >= self.turn

    @property
    def shared(self) -> bool:
        """Whether others than the founder lead."""
        return self.turned and self.regime.leads > 1

    def play(self, acts: Acts) -> None:
        """One round on the chain."""
        acts.begin(self.round)
        self._arrive(acts)
        self._feel(acts)
        taking_part = [
            agent for agent in self.agents if agent.here and self.chance.random() < agent.drive
        ]
        for agent in self.agents:
            if agent.here and not agent.place and agent not in taking_part:
                self._drift(acts, agent)
        for agent in taking_part:
            if agent.delegates:
                acts.delegate(agent, agent)
        self._decide(acts, taking_part)
        self.contributors += [
            agent
            for agent in taking_part
            if agent.place or self.chance.random() < _DRIFTER_CONTRIBUTES
        ]
        self.lately.append({agent.id for agent in taking_part})
        self.round += 1

    # Coming and going

    def _arrive(self, acts: Acts) -> None:
        number = self.arrivals[self.round]
        if self.round > ARRIVALS[-1]:
            number += self.chance.random() < (self.regime.growth if self.turned else 0)
        for _ in range(number):
            new = len(self.agents) + len(self.applicants) + 1
            self.applicants.append(Agent.draw(self.chance, new, place=False))
        if self.applicants and acts.has_steward:
            acts.admit(self.applicants)
            self._admitted(acts)

    def _admitted(self, acts: Acts) -> None:
        acts.welcome(self.applicants)
        self.agents += self.applicants
        self.applicants = []

    def _feel(self, acts: Acts) -> None:
        """How everyone's drive changes, and who comes back because of it."""
        if self.round == self.burnout:
            self.agents[0].tire()
        welcome = self.regime.welcome if self.turned else DRIFT_WELCOME
        loss = ORPHANED if self.agents[0].tired and not self.shared else LOSS
        seen = set().union(*self.lately)
        for agent in self.agents:
            begun = self.round >= ROUNDS_A_MONTH
            company = len(seen - {agent.id}) if begun else len(self.agents)
            agent.feel(self.chance, company, welcome, loss)
            newcomer = agent.presence is Presence.NEWCOMER and not agent.unsure
            if newcomer or (agent.place and not agent.here):
                acts.come_back(agent)

    def _drift(self, acts: Acts, agent: Agent) -> None:
        """What somebody without a place may do instead of taking part."""
        luck = self.chance.random()
        if agent.silent:
            if luck < _LEAVES:
                acts.leave(agent)
        elif agent.unsure and luck < _RESTS:
            acts.rest(agent)
        elif agent.unsure and luck < _RESTS + _LENDS_VOICE and not agent.delegates:
            trusted = [each for each in self.agents if each.place and each.here]
            if trusted:
                acts.delegate(agent, self.chance.choice(trusted))

    # Deciding

    def _decide(self, acts: Acts, taking_part: Sequence[Agent]) -> None:
        """A proposal, if anybody makes one: rewards once a month, admissions, or the rent."""
        speaker = self._speaker(taking_part)
        if speaker is None:
            return
        rewarded: list[Agent] = []
        if self.round % ROUNDS_A_MONTH == 0:
            rewarded, self.contributors = self.contributors, []
        draft = acts.propose(speaker, self.applicants, rewarded)
        supports = self.chance.choices(_SUPPORT, _SUPPORT_WEIGHTS, k=len(taking_part))
        acts.vote(draft, list(zip(taking_part, supports, strict=True)))
        acts.lapse(speaker, self.agents)
        if acts.execute(draft):
            self._admitted(acts)
        else:
            self.contributors += rewarded

    def _speaker(self, taking_part: Sequence[Agent]) -> Agent | None:
        """Who makes this round's proposal: a lead, or somebody with a place who dares."""
        leads = self.agents[:1]
        if self.shared:
            leads = [agent for agent in self.agents if agent.place][: self.regime.leads]
        for agent in taking_part:
            if agent in leads and self.chance.random() < _LEAD_SPEAKS:
                return agent
        for agent in taking_part:
            if agent.place and self.chance.random() < _OTHER_SPEAKS:
                return agent
        return None
