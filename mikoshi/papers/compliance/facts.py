"""What is set in a DAO, taken from its dao.toml or from its chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mikoshi.chain.contract import Snapshot
from mikoshi.check.parameters import read_parameters
from mikoshi.config.model import Config
from mikoshi.context.context import Context
from mikoshi.replay.treasury import ADMIN, role_name
from mikoshi.text.language import _
from mikoshi.text.people import ZERO_ADDRESS, show
from mikoshi.text.units import format_duration, format_time


@dataclass(frozen=True)
class ComplianceFacts:
    """A DAO as `dao.toml` will make it, or as its chain says it is at `block`.

    `params` are `IDAOFactory.Params`; `now` is the block's time in Unix seconds, and 0 stands for
    the creation where there is no chain yet. `roles` are those that others than the Treasury hold,
    by name; `people` are what wallets are called, with their member's number.
    """

    config: Config
    params: Mapping[str, Any]
    members: int
    block: int | None = None
    now: int = 0
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_config(cls, config: Config) -> ComplianceFacts:
        """As dao.toml says."""
        return cls(config, config.params(0), len(config.members))

    @classmethod
    def of_chain(cls, context: Context) -> ComplianceFacts:
        """As the chain says at the latest block. Raises RpcError and UnreachableError."""
        rebuilt = context.rebuilt
        members = rebuilt.membership.members.values()
        roles: dict[str, list[str]] = {}
        for role, holder in sorted(rebuilt.treasury.holders):
            if role != ADMIN:
                roles.setdefault(role_name(role), []).append(holder)
        return cls(
            context.session.config,
            read_parameters(rebuilt, Snapshot(context.session.rpc, rebuilt.block)),
            sum(person.standing.is_member for person in members),
            rebuilt.block,
            context.index.time,
            roles,
            {
                person.wallet: show(person.wallet, person.id, context.names.get(person.wallet, ""))
                for person in members
            },
        )

    @property
    def source(self) -> str:
        """Where all this was read."""
        if self.block is None:
            return _("as {name} says", name=self.config.source.name)
        return _("as the chain says at block {block:,}", block=self.block)

    def holder(self, office: str) -> str:
        """Who holds an office, until when; empty for nobody."""
        wallet, until = self.params[office]["holder"], self.params[office]["until"]
        if wallet == ZERO_ADDRESS or until <= self.now:
            return ""
        who = self.who(wallet)
        if self.block is None:
            term = format_duration(until)
            return _("{who}, for {term} from the creation", who=who, term=term)
        end = format_time(until, self.now)
        return _("{who}, until {end}", who=who, end=end)

    def who(self, wallet: str) -> str:
        """A person or a contract, as far as it is known."""
        return self.people.get(wallet) or show(wallet, name=self.config.name_of(wallet))
