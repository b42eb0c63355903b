"""A checked dao.toml, ready to become the parameters of a DAO."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mikoshi.config.governance import (
    AlarmsSection,
    GovernanceSection,
    GuardianSection,
    StewardSection,
)
from mikoshi.config.sections import (
    TRANSFERABLE,
    CharterSection,
    DaoSection,
    InvitationsSection,
    MembershipSection,
    MeritSection,
    PageSection,
    RemindersSection,
    SuccessionSection,
    TokenSection,
    VoiceSection,
)
from mikoshi.text.people import ZERO_ADDRESS, Person
from mikoshi.text.units import normalize

NAMES = {
    "name": "dao.name",
    "symbol": "dao.symbol",
    "charterHash": "charter.hash",
    "charterURI": "charter.uri",
    "voice.t0": "t0",
    "voice.halfLife": "voice.half_life",
    "voice.base": "voice.base",
    "voice.most": "voice.most",
    "voice.full": "voice.full",
    "transferableTickets": "dao.tickets",
    "membership.dormantAfter": "membership.dormant_after",
    "membership.season": "membership.season",
    "membership.stewardCap": "steward.members_per_epoch",
    "membership.meritCap": "merit.per_epoch",
    "membership.meritCapPerMember": "merit.per_member",
    "governor.votingDelay": "governance.voting_delay",
    "governor.votingPeriod": "governance.voting_period",
    "governor.lateExtension": "governance.late_extension",
    "governor.executionDelay": "governance.execution_delay",
    "governor.expiry": "governance.expiry",
    "governor.quorumBps": "governance.quorum",
    "governor.floorBps": "governance.floor",
    "governor.voiceCapBps": "governance.voice_cap",
    "governor.thresholdBps": "governance.threshold",
    "governor.liveProposals": "governance.live_proposals",
    "tokenName": "token.name",
    "tokenSymbol": "token.symbol",
    "token.epochCap": "token.cap_per_epoch",
    "token.transferable": "token.transferable",
    "guardian.holder": "guardian.wallet",
    "guardian.until": "guardian.term",
    "steward.holder": "steward.wallet",
    "steward.until": "steward.term",
    "members": "members",
    "grants": "token.grants",
}
"""Fields of `IDAOFactory.Params`, and the setting of dao.toml that says each."""


@dataclass(frozen=True)
class Config:
    """What dao.toml says. Every value lies within the limits that the contracts enforce.

    `source` is the file, `members` are the first members in the order of their ids,
    `members_left_out` says which lines of their file are none of them,
    `charter_hash` is the keccak256 of the charter's bytes, `accepted` names the dangers that are
    meant, and `others` are people who are called something but are no first members.
    """

    source: Path
    dao: DaoSection
    charter: CharterSection
    charter_hash: bytes
    members: tuple[Person, ...]
    voice: VoiceSection
    membership: MembershipSection
    merit: MeritSection
    governance: GovernanceSection
    token: TokenSection
    guardian: GuardianSection | None = None
    steward: StewardSection | None = None
    invitations: InvitationsSection | None = None
    succession: SuccessionSection | None = None
    alarms: AlarmsSection = field(default_factory=AlarmsSection)
    page: PageSection = field(default_factory=PageSection)
    reminders: RemindersSection = field(default_factory=RemindersSection)
    accepted: tuple[str, ...] = ()
    members_left_out: str = ""
    others: tuple[Person, ...] = ()

    @property
    def name(self) -> str:
        """What the DAO is called."""
        return self.dao.name

    @property
    def chain_id(self) -> int:
        """The only chain that this file is for."""
        return self.dao.chain_id

    @property
    def slug(self) -> str:
        """The name of the deployment record: `deployments/<chain_id>/<slug>.json`."""
        return self.dao.slug

    @property
    def salt(self) -> bytes:
        """32 bytes that set this DAO apart from others with the same parameters."""
        from eth_utils.crypto import keccak

        return bytes(keccak(text=self.dao.salt)) if self.dao.salt else bytes(32)

    @property
    def transferable_tickets(self) -> bool:
        """Whether tickets can be sold."""
        return self.dao.tickets == TRANSFERABLE

    def name_of(self, wallet: str) -> str:
        """What the owner of a wallet is called; empty if nobody said it."""
        names = (p.name for p in self.known if p.wallet.lower() == wallet.lower())
        return next(filter(None, names), "")

    @property
    def known(self) -> tuple[Person, ...]:
        """Everybody whose name may be known: the first members, then those met later."""
        return self.members + self.others

    def wallet_of(self, name: str) -> str:
        """The wallet of the one person called so, or so among other words; empty if there is none.

        Small letters or large.
        """
        wanted = normalize(name).casefold()
        names = {each.wallet: normalize(each.name).casefold() for each in self.known}
        meant = [wallet for wallet, called in names.items() if called == wanted]
        meant = meant or [wallet for wallet, called in names.items() if wanted in called.split()]
        return meant[0] if len(meant) == 1 else ""

    def params(self, t0: int) -> dict[str, Any]:
        """`IDAOFactory.Params` of a DAO that begins at `t0`, in Unix seconds.

        `t0` is the time of a recent block: the contracts take a day in either direction, but an
        office of a whole year would end too late if `t0` were in the future. `members` are all of
        the file; no more than MAX_FIRST_MEMBERS fit into the creation.
        """
        steward_cap = self.steward.members_per_epoch if self.steward else 0
        governance = self.governance
        return {
            "name": self.dao.name,
            "symbol": self.dao.symbol,
            "charterHash": self.charter_hash,
            "charterURI": self.charter.uri,
            "voice": {
                "t0": t0,
                "halfLife": self.voice.half_life,
                "base": self.voice.base,
                "most": self.voice.most,
                "full": self.voice.full,
            },
            "transferableTickets": self.transferable_tickets,
            "membership": {
                "dormantAfter": self.membership.dormant_after,
                "season": self.membership.season,
                "stewardCap": steward_cap,
                "meritCap": self.merit.per_epoch,
                "meritCapPerMember": self.merit.per_member,
            },
            "governor": {
                "votingDelay": governance.voting_delay,
                "votingPeriod": governance.voting_period,
                "lateExtension": governance.late_extension,
                "executionDelay": governance.execution_delay,
                "expiry": governance.expiry,
                "quorumBps": governance.quorum,
                "floorBps": governance.floor,
                "voiceCapBps": governance.voice_cap,
                "thresholdBps": governance.threshold,
                "liveProposals": governance.live_proposals,
            },
            "tokenName": self.token.name,
            "tokenSymbol": self.token.symbol,
            "token": {
                "epochCap": self.token.cap_per_epoch.raw,
                "transferable": self.token.transferable,
            },
            "guardian": _office(self.guardian, t0),
            "steward": _office(self.steward, t0),
            "members": [person.wallet for person in self.members],
            "grants": [
                {"account": grant.wallet, "amount": grant.amount.raw} for grant in self.token.grants
            ],
        }

    def module_args(self) -> dict[str, bytes]:
        """The settings of each part beside the core, as its clone has them, by section."""
        found = {}
        if (rules := self.invitations) is not None:
            settings = bytes([rules.per_sponsor, rules.sponsors])
            found["invitations"] = rules.per_epoch.to_bytes(2) + settings
        if self.succession is not None:
            found["succession"] = b""
        return found


def _office(section: GuardianSection | StewardSection | None, t0: int) -> dict[str, Any]:
    if section is None:
        return {"holder": ZERO_ADDRESS, "until": 0}
    return {"holder": section.wallet, "until": t0 + section.term}
