"""Governor, offices and roles, rebuilt from the Treasury's events."""

from __future__ import annotations

from dataclasses import dataclass, field

from eth_utils.crypto import keccak

from mikoshi.chain.abi import Event
from mikoshi.replay.membership import NOBODY

ROLES = {
    keccak(text=name): name for name in ("ADMITTER", "REWARDER", "MINTER", "PURSE", "SUCCESSION")
}
"""The core's roles by their hashes."""

ADMIN = bytes(32)


def role_name(role: bytes) -> str:
    """A role in words; a later part's role is its hash."""
    return "admin" if role == ADMIN else ROLES.get(role, f"0x{role.hex()}")


@dataclass(frozen=True, slots=True)
class Office:
    """Who holds an office, and until when (Unix seconds)."""

    holder: str = NOBODY
    until: int = 0

    def holder_at(self, time: int) -> str:
        """Who holds it at `time`; nobody once the term is over."""
        return self.holder if time < self.until else NOBODY


@dataclass
class RebuiltTreasury:
    """The Treasury as its events tell it. `book` has the holders of each role ever given."""

    governor: str = NOBODY
    guardian: Office = Office()
    steward: Office = Office()
    book: dict[bytes, set[str]] = field(default_factory=dict)
    ever: set[tuple[bytes, str]] = field(default_factory=set)
    admins: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def holders(self) -> set[tuple[bytes, str]]:
        """Each role with each of its holders."""
        return {(role, holder) for role, holders in self.book.items() for holder in holders}

    def apply(self, event: Event) -> None:
        """Take an event."""
        args = event.args
        match event.name:
            case "GovernorChanged":
                self.governor = args["to"]
            case "GuardianChanged":
                self.guardian = Office(args["guardian"], args["until"])
            case "StewardAppointed":
                self.steward = Office(args["steward"], args["until"])
            case "RoleGranted":
                self.book.setdefault(args["role"], set()).add(args["account"])
                self.ever.add((args["role"], args["account"]))
            case "RoleRevoked":
                self.book.setdefault(args["role"], set()).discard(args["account"])
            case "RoleAdminChanged":
                self.admins[args["role"]] = args["newAdminRole"]
