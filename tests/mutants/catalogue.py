"""All mutants, by what they break."""

from __future__ import annotations

from tests.mutants import ballots, money, people, proposals, roles, survivors, voice
from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    *ballots.MUTANTS,
    *proposals.MUTANTS,
    *voice.MUTANTS,
    *people.MUTANTS,
    *roles.MUTANTS,
    *money.MUTANTS,
    *survivors.MUTANTS,
)
