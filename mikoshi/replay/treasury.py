"""Governor, offices and roles from the Treasury's events, and its token's supply and caps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eth_utils.crypto import keccak

from mikoshi.chain.abi import Event
from mikoshi.replay.membership import NOBODY
from mikoshi.text.units import DAY

ROLES = {
    keccak(text=name): name for name in ("ADMITTER", "REWARDER", "MINTER", "PURSE", "SUCCESSION")
}
"""The core's roles by their hashes."""

ADMIN = bytes(32)

WAITING_ROLES = ("ADMITTER", "REWARDER", "SUCCESSION")
"""Those that a vote grants with notice: they could take the decision away from the members."""

NOTICE = 45 * DAY
"""How long what could take the decision away waits, in seconds: longer than any vote can take."""

INSTALLATION = 30 * DAY
"""How long a governor that is due can be installed, and a scheduled bar be enforced, in seconds."""


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
    """The Treasury as its events tell it.

    `book` has the holders of each role ever given, and `since` from when on each holds it, in Unix
    seconds: in the future while a grant waits. `governor` took office at `governor_since`, and
    `next_governor` can be installed from `next_from` on; nobody and 0 if none was asked for.
    """

    governor: str = NOBODY
    governor_since: int = 0
    next_governor: str = NOBODY
    next_from: int = 0
    former: list[str] = field(default_factory=list)
    guardian: Office = Office()
    steward: Office = Office()
    book: dict[bytes, set[str]] = field(default_factory=dict)
    ever: set[tuple[bytes, str]] = field(default_factory=set)
    admins: dict[bytes, bytes] = field(default_factory=dict)
    since: dict[tuple[bytes, str], int] = field(default_factory=dict)

    @property
    def holders(self) -> set[tuple[bytes, str]]:
        """Each role with each of its holders, also with those who wait for it."""
        return {(role, holder) for role, holders in self.book.items() for holder in holders}

    def waiting_roles(self, time: int) -> dict[tuple[bytes, str], int]:
        """The grants that wait at `time`, and from when on each holds."""
        return {grant: since for grant, since in self.since.items() if since > time}

    def waiting_governor(self, time: int) -> tuple[str, int]:
        """The governor that waits at `time`, due or not, and from when on it can be installed."""
        if self.next_governor == NOBODY or time > self.next_from + INSTALLATION:
            return NOBODY, 0
        return self.next_governor, self.next_from

    def apply(self, event: Event, time: int) -> None:
        """Take an event of a block at `time`."""
        args = event.args
        match event.name:
            case "GovernorChanged":
                if args["from"] != self.governor:
                    raise ValueError(f"{self.governor} is the governor")
                if self.governor != NOBODY:
                    self.former.append(self.governor)
                self.governor, self.next_governor, self.next_from = args["to"], NOBODY, 0
                self.governor_since = time
            case "GovernorScheduled":
                self.next_governor, self.next_from = args["governor"], args["from"]
            case "GovernorWithdrawn":
                self.next_governor, self.next_from = NOBODY, 0
            case "GuardianChanged":
                self.guardian = Office(args["guardian"], args["until"])
            case "StewardAppointed":
                self.steward = Office(args["steward"], args["until"])
            case "RoleGranted":
                self.book.setdefault(args["role"], set()).add(args["account"])
                self.ever.add((args["role"], args["account"]))
                self.since[args["role"], args["account"]] = time
            case "RoleScheduled":
                self.since[args["role"], args["account"]] = args["from"]
            case "RoleRevoked":
                self.book.setdefault(args["role"], set()).discard(args["account"])
                self.since.pop((args["role"], args["account"]), None)
            case "RoleAdminChanged":
                self.admins[args["role"]] = args["newAdminRole"]


_NO_CAP = 2**96 - 1


@dataclass
class Cap:
    """A cap in wei of token and what was `used` of it in `epoch`; None: no cap of its own."""

    cap: int | None = None
    epoch: int = 0
    used: int = 0

    def spend(self, amount: int, epoch: int) -> None:
        """Use some of it."""
        self.used = amount + (self.used if self.epoch == epoch else 0)
        self.epoch = epoch

    def left(self, epoch: int) -> int | None:
        """What is left of it in `epoch`."""
        if self.cap is None:
            return None
        return max(0, self.cap - (self.used if self.epoch == epoch else 0))


@dataclass
class RebuiltToken:
    """The contribution token as its events tell it; amounts in wei of token.

    Until `founded`, what is minted was granted at creation and is no part of a cap.
    """

    balances: dict[str, int] = field(default_factory=dict)
    supply: int = 0
    minted: int = 0
    burned: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    cap: Cap = field(default_factory=Cap)
    kinds: dict[int, Cap] = field(default_factory=dict)
    founded: bool = False

    def mintable(self, epoch: int) -> int:
        """What may still be minted in `epoch`."""
        return self.cap.left(epoch) or 0

    def mintable_for(self, kind: int, epoch: int) -> int:
        """What may still be minted in `epoch` for one kind of contribution."""
        left = self.kinds.get(kind, Cap()).left(epoch)
        return self.mintable(epoch) if left is None else min(left, self.mintable(epoch))

    def apply(self, event: Event, epoch: int) -> None:
        """Take an event of a block in `epoch`."""
        args = event.args
        match event.name:
            case "Transfer":
                self._transfer(args["from"], args["to"], args["amount"])
            case "Minted" if self.founded:
                self.cap.spend(args["amount"], epoch)
                kind = self.kinds.get(args["kind"])
                if kind is not None and kind.cap is not None:
                    kind.spend(args["amount"], epoch)
            case "SettingsChanged":
                self.settings = args["settings"]
                self.cap.cap = self.settings["epochCap"]
            case "KindCapChanged":
                kind = self.kinds.setdefault(args["kind"], Cap())
                kind.cap = None if args["cap"] == _NO_CAP else args["cap"]

    def _transfer(self, sender: str, receiver: str, amount: int) -> None:
        if sender == NOBODY:
            self.minted += amount
        else:
            self.balances[sender] = self.balances.get(sender, 0) - amount
        if receiver == NOBODY:
            self.burned += amount
        else:
            self.balances[receiver] = self.balances.get(receiver, 0) + amount
        self.supply = self.minted - self.burned
