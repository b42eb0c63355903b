"""All mutants, by what they break."""

from __future__ import annotations

from tests.mutants import (
    ballots,
    ceiling,
    invitations,
    money,
    offices,
    people,
    proposals,
    roles,
    seats,
    succession,
    survivors,
    turns,
    voice,
    waiting,
)
from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *ballots.MUTANTS,
    *proposals.MUTANTS,
    *voice.MUTANTS,
    *people.MUTANTS,
    *roles.MUTANTS,
    *money.MUTANTS,
    *survivors.MUTANTS,
    *turns.MUTANTS,
    *ceiling.MUTANTS,
    *seats.MUTANTS,
    *waiting.MUTANTS,
    *offices.MUTANTS,
    *invitations.MUTANTS,
    *succession.MUTANTS,
)
