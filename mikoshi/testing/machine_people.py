"""The moves of people: leaving, returning, sleeping, waking, delegating; signed ones, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis.stateful import rule

from mikoshi.testing.defaults import ZERO
from mikoshi.testing.machine_actors import Actor
from mikoshi.testing.machine_base import FLAWS, HOUR, NUMBER, SMALL, Base
from mikoshi.testing.machine_choice import charter, pick
from mikoshi.testing.machine_world import DELEGATE_BY_SIG, OZ_DELEGATE_BY_SIG
from mikoshi.testing.model.state import NO_HASH, Standing


class PeopleRules(Base):
    """What members do for themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._used: dict[str, list[tuple[Any, ...]]] = {}

    # By call or by signature

    def act(self, name: str, actor: Actor, values: Sequence[Any], how: int) -> str:
        """Let an actor act: for 0 to 9 by call, else by a signature with one of the flaws."""
        if how < 10 or actor.kind in ("burner", "short", "bomb"):
            return self.world.send("membership", name, actor.address, *values)[0]
        flaw = pick(FLAWS, how)
        by_sig = f"{name}BySig"
        used = self._used.setdefault(name, [])
        if flaw == "replayed" and used:
            args = pick(used, how)
        else:
            args = self._signed_args(name, actor, values, flaw)
        signature = DELEGATE_BY_SIG if name == "delegate" else None
        sent = self.world.send("membership", by_sig, self.stranger, *args, signature=signature)
        if sent[0] == "ok":
            used.append(args)
        return sent[0]

    def _signed_args(
        self, name: str, actor: Actor, values: Sequence[Any], flaw: str
    ) -> tuple[Any, ...]:
        world = self.world
        deadline = world.now - 1 if flaw == "expired" else world.now + HOUR
        nonce = world.model.state.nonces.get(("membership", actor.address), 0)
        part = "governor" if flaw == "domain" else "membership"
        kind = name.capitalize()
        signed = nonce + (flaw == "nonce"), deadline + (flaw == "altered")
        signer = world.officers["stranger"] if flaw == "stranger" else actor
        text = (part, kind, actor.address, *values, *signed)
        signature = world.signatures.sign(signer, text)
        if flaw == "compact" and len(signature) == 65:
            signature = world.signatures.compact(signature)
        if flaw == "garbage":
            signature = b"\x05" * 65
        return (actor.address, *values, deadline, signature)

    @rule(number=NUMBER, how=SMALL)
    def exit(self, number: int, how: int) -> None:
        """Somebody leaves."""
        members = (s for s in Standing if s.is_member)
        self.act("exit", self.by_standing(number, *members), (), how)

    @rule(number=NUMBER, how=SMALL)
    def rejoin(self, number: int, how: int) -> None:
        """Somebody comes back."""
        actor = self.by_standing(number, Standing.EXITED, Standing.BARRED)
        self.act("rejoin", actor, (charter(self.world, number // 8),), how)

    @rule(number=NUMBER, how=SMALL)
    def rest(self, number: int, how: int) -> None:
        """Somebody falls dormant by choice."""
        self.act("rest", self.by_standing(number, Standing.ACTIVE), (), how)

    @rule(number=NUMBER, how=SMALL)
    def wake(self, number: int, how: int) -> None:
        """Somebody wakes."""
        asleep = Standing.DORMANT, Standing.NEWCOMER, Standing.ABSENT
        actor = self.by_standing(number, *asleep)
        self.act("wake", actor, (charter(self.world, number // 8),), how)

    @rule(number=NUMBER, to=NUMBER, how=SMALL)
    def delegate(self, number: int, to: int, how: int) -> None:
        """Somebody chooses who speaks for them."""
        delegatee = self.by_standing(to, Standing.ACTIVE).address
        actor = self.by_standing(number, Standing.ACTIVE)
        self.act("delegate", actor, (ZERO if to % 17 == 16 else delegatee,), how)

    @rule(number=NUMBER, to=NUMBER, how=SMALL)
    def delegate_as_standard(self, number: int, to: int, how: int) -> None:
        """The same by the signature that ERC-5805 defines."""
        world = self.world
        actor = self.by_standing(number, Standing.ACTIVE)
        if actor.key is None:
            actor = world.people[0]
        delegatee = self.by_standing(to, Standing.ACTIVE).address
        flaw = pick(FLAWS, how)
        expiry = world.now - 1 if flaw == "expired" else world.now + HOUR
        nonce = world.model.state.nonces.get(("membership", actor.address), 0)
        nonce += flaw == "nonce"
        part = "governor" if flaw == "domain" else "membership"
        signed = ("Delegation", delegatee, nonce, expiry + (flaw == "altered"))
        signature = world.signatures.sign(actor, (part, *signed))
        if flaw == "replayed" and self._used.get("standard"):
            delegatee, nonce, expiry, signature = self._used["standard"][-1]
        args = (delegatee, nonce, expiry, signature)
        raw = (delegatee, nonce, expiry, signature[64], signature[:32], signature[32:64])
        name = "delegateVotesBySig"
        sent = world.send(
            "membership", name, self.stranger, *args, raw=raw, signature=OZ_DELEGATE_BY_SIG
        )
        if sent[0] == "ok":
            self._used.setdefault("standard", []).append(args)

    @rule(number=NUMBER, how=SMALL)
    def lose_delegate(self, number: int, how: int) -> None:
        """Somebody sleeps while their delegate goes, and wakes: they speak for themselves."""
        world = self.world
        members = world.model.state.members.values()
        active = [m.wallet for m in members if m.standing == Standing.ACTIVE]
        if len(active) < 2:
            return
        sleeper, delegate = pick(active, number), pick(active, number + 1 + how % (len(active) - 1))
        world.send("membership", "delegate", sleeper, delegate)
        world.send("membership", "rest", sleeper)
        world.send("membership", pick(("exit", "rest"), how), delegate)
        if how % 4 == 3:
            world.send("membership", "wake", delegate, NO_HASH)
        world.send("membership", "wake", sleeper, NO_HASH)
