"""Which setting of dao.toml says each parameter of a DAO."""

from __future__ import annotations

from mikoshi.config.kinds import Kind
from mikoshi.config.sections import SECTIONS

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


def kind_of(name: str) -> Kind | None:
    """How a setting of dao.toml, such as `governance.quorum`, is read and shown."""
    section, _, field = name.partition(".")
    info = SECTIONS[section].model_fields.get(field) if section in SECTIONS else None
    return next((item for item in info.metadata if isinstance(item, Kind)), None) if info else None
