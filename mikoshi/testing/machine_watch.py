"""What a client that knows only the standards must be told, whatever happens (S1), and B7."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from mikoshi.chain.abi import Event
from mikoshi.testing.model.part import all_spoken_for
from mikoshi.testing.model.state import ZERO, State
from mikoshi.testing.near import near_voice

if TYPE_CHECKING:
    from mikoshi.testing.machine_world import MachineWorld

_CARD_EVERY, _ANY_CARD_EVERY = 2, 8
"""Transactions from one to the next at which a card is read, and at which it may be anybody's."""


class EventWatch:
    """What stood before a transaction, compared with what stands after it and what it told."""

    def __init__(self, world: MachineWorld, before: State) -> None:
        """Made when the model has taken the transaction, and the chain has not."""
        self._world = world
        self._before, self._after = before, world.model.state
        self._changed = before.members != self._after.members
        self._tickets = self._affected() if self._changed else []
        self._cards = self._read_cards()

    def check(self, events: Iterable[Event]) -> None:
        """Raises AssertionError where somebody would be left with what is no longer so."""
        told = list(events)
        self._check_ballots()
        if not self._changed and not told:
            return
        self._check_votes(told)
        self._check_delegates(told)
        self._check_cards(told)

    # Voices

    def _check_votes(self, events: list[Event]) -> None:
        """Each change of a voice is told, from what it was to what it is."""
        told: dict[str, list[tuple[int, int]]] = {}
        for event in events:
            if event.name == "DelegateVotesChanged":
                delegate, *values = event.args.values()
                told.setdefault(delegate, []).append((values[0], values[1]))
        world, formula = self._world, self._world.model.environment.formula
        entries = [_entries(state) for state in (self._before, self._after)]
        for wallet in {*self._before.ids, *self._after.ids, *told}:
            old, new = (each.get(wallet, (0, 0)) for each in entries)
            chain = told.get(wallet, [])
            if not chain:
                assert old == new or not formula.k, f"nothing tells the voice of {wallet}"
                assert old[0] == new[0], f"nothing tells the voice of {wallet}"
                continue
            links = itertools.pairwise(chain)
            assert all(one[1] == two[0] for one, two in links), f"{wallet}'s voice jumps: {chain}"
            ends = (old, chain[0][0]), (new, chain[-1][1])
            for entry, value in ends:
                near = near_voice(formula, *entry, world.now)
                assert near == value, f"told of {wallet}: {chain}; {near} is so"

    # Delegates

    def _check_delegates(self, events: list[Event]) -> None:
        """Each change of a delegate is told, but that newcomers and leavers speak for themselves.

        Who had delegated to a wallet that moved is not told either: their delegate is the same
        person.
        """
        told: dict[str, list[tuple[str, str]]] = {}
        moved: set[str] = set()
        for event in events:
            if event.name == "DelegateChanged":
                delegator, source, to = event.args.values()
                told.setdefault(delegator, []).append((source, to))
            if event.name == "WalletMoved":
                moved |= {event.args["from"], event.args["to"]}
        for wallet in {*self._before.ids, *self._after.ids, *told}:
            old, new = (_delegate(state, wallet) for state in (self._before, self._after))
            chain = told.get(wallet, [])
            alone = {old, new} <= {ZERO, wallet} and wallet not in moved
            if chain:
                for told_, so in ((chain[0][0], old), (chain[-1][1], new)):
                    fine = told_ == so or {told_, so} <= {ZERO, wallet}
                    assert fine, f"told of {wallet}'s delegate: {chain}; {old} and {new} are so"
                continue
            assert old == new or alone or old in moved, f"nothing tells {wallet}'s delegate {new}"

    # Cards

    def _affected(self) -> list[int]:
        """Tickets to read before and after: of whom it changes, of their delegates, and one more.

        A change of an act's day alone is none. A `sparing` world reads one of these now and then: a
        card is the dearest view there is.
        """
        before, after, turn = self._before.members, self._after.members, len(self._world.log)
        sparing = self._world.sparing
        if sparing and turn % _CARD_EVERY:
            return []
        ids: dict[int, None] = {}
        for number, member in after.items():
            old = before.get(number)
            if old is None or replace(old, stamp=member.stamp) != member:
                ids |= dict.fromkeys((member.delegate, number, old.delegate if old else number))
        if not sparing or turn % _ANY_CARD_EVERY == 0:
            ids[turn % max(1, len(after)) + 1] = None
        alive = {member.ticket for member in after.values()}
        tickets = [before[number].ticket for number in ids if number in before]
        found = [ticket for ticket in tickets if ticket and ticket in alive]
        return [found[turn // _CARD_EVERY % len(found)]] if sparing and found else found

    def _read_cards(self) -> list[str]:
        calls = [("membership", "tokenURI", ticket) for ticket in self._tickets]
        return self._world.read_many(calls)

    def _check_cards(self, events: list[Event]) -> None:
        """A ticket's JSON that is another now came with a MetadataUpdate."""
        told = {each.args["_tokenId"] for each in events if each.name == "MetadataUpdate"}
        cards = zip(self._tickets, self._cards, self._read_cards(), strict=True)
        for ticket, old, new in cards:
            assert old == new or ticket in told, f"the card of {ticket} changed untold: {new}"
        self._world.coverage["card", "ok"] += len(self._tickets)

    # Ballots

    def _check_ballots(self) -> None:
        """Nobody's ballot is on a proposal older than the seat they took by themselves."""
        for number, proposal in self._after.proposals.items():
            old = self._before.proposals.get(number)
            if old is None or proposal.ballots == old.ballots:
                continue
            for caster in proposal.ballots.keys() - old.ballots.keys():
                seat = self._before.members[caster].seat
                assert seat <= proposal.made, f"{caster}, in since {seat}, votes on {number}"


def _entries(state: State) -> dict[str, tuple[int, int]]:
    """Members and units by the wallet that speaks for them."""
    by_id = all_spoken_for(state.members)
    return {wallet: by_id.get(number, (0, 0)) for wallet, number in state.ids.items()}


def _delegate(state: State, wallet: str) -> str:
    member = state.member(wallet)
    if member is None or not member.standing.is_member:
        return ZERO
    return state.members[member.delegate].wallet
