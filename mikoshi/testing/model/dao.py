"""The whole model. A call is a transaction: it takes effect, or leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mikoshi.testing.model.governor import Governor
from mikoshi.testing.model.membership import Membership
from mikoshi.testing.model.numbers import Formula
from mikoshi.testing.model.part import Environment, Signed
from mikoshi.testing.model.refusal import Refusal
from mikoshi.testing.model.state import ZERO, Cap, Member, Rules, Standing, State
from mikoshi.testing.model.token import Token
from mikoshi.testing.model.treasury import Treasury

Moment = tuple[State, int, list[tuple[int, dict[int, Member]]]]
"""A state, its time, and the people of earlier times."""


class DaoModel:
    """What a DAO founded with `params` (`IDAOFactory.Params`) must do."""

    def __init__(
        self,
        params: Mapping[str, Any],
        addresses: Mapping[str, str],
        founded: int,
        signatures: Callable[[bytes], Signed],
        codes: Callable[[str], bytes],
    ) -> None:
        """`addresses` are those of treasury, membership, token and governor; see Context."""
        state = State(
            charter=params["charterHash"],
            membership=params["membership"],
            token_cap=Cap(params["token"]["epochCap"]),
            token_transferable=params["token"]["transferable"],
            governor=addresses["governor"],
            changed=founded,
            rules=[Rules(params["governor"], founded)],
        )
        for office in ("guardian", "steward"):
            if params[office]["holder"] != ZERO:
                setattr(state, office, (params[office]["holder"], params[office]["until"]))
        self.environment = Environment(
            Formula.of(params["voice"]),
            params["transferableTickets"],
            dict(addresses),
            state,
            founded,
            signatures,
        )
        self.membership = Membership(self.environment)
        self.treasury = Treasury(self.environment, self.dispatch, codes)
        self.token = Token(self.environment)
        self.governor = Governor(self.environment, self.membership, self.treasury)
        for wallet in params["members"]:
            self.membership.enter(self.membership.identify(wallet), Standing.ACTIVE)
        for grant in params["grants"]:
            self.token._add(grant["account"], grant["amount"])
            state.minted += grant["amount"]
        self.environment.remember()

    @property
    def state(self) -> State:
        """The present."""
        return self.environment.state

    @property
    def now(self) -> int:
        """Unix seconds."""
        return self.environment.now

    def dispatch(self, part: str, name: str, sender: str, *args: Any) -> Any:
        """A call inside a transaction. Raises Refusal."""
        before = self.membership.census()
        result = getattr(getattr(self, part), name)(sender, *args)
        if self.membership.census() != before:
            self.state.changed = self.now
        return result

    def transact(self, part: str, name: str, sender: str, *args: Any) -> Any:
        """A transaction now; its result. Raises Refusal, and then nothing has changed."""
        before = self.environment.state
        self.environment.state = before.copy()
        self.environment.credited = []
        try:
            result = self.dispatch(part, name, sender, *args)
        except Refusal:
            self.environment.state = before
            raise
        self.environment.remember()
        return result

    def save(self) -> Moment:
        """What `restore` goes back to."""
        return self.state, self.now, list(self.environment.past)

    def restore(self, saved: Moment) -> None:
        """Go back to a moment that was saved earlier."""
        self.environment.state, self.environment.now, past = saved
        self.environment.past = list(past)
