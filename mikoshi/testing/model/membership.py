"""People and tickets: what is left of IMembership, by vote and by signature."""
# ruff: noqa: N802, ARG002 (methods are named as the contract's functions)

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mikoshi.testing.model.lives import Lives
from mikoshi.testing.model.merit import CAPS
from mikoshi.testing.model.part import NONCE
from mikoshi.testing.model.refusal import ANY, Refusal, refuse
from mikoshi.testing.model.state import ANSWER, DAY, NO_HASH, REWARDER, SUCCESSION, Standing


class Membership(Lives):
    """People, tickets and voice."""

    def moveWallet(self, sender: str, number: int, wallet: str) -> None:
        """A person's record goes to another wallet; who never spoke there takes the old one."""
        member = self.state.members.get(number)
        other = self.state.member(wallet)
        taken = other is not None and (other.spoke or other.id == number)
        refuse(
            (not self.holds(sender, SUCCESSION), "MembershipUnauthorized", sender, SUCCESSION),
            (member is None, "VoiceUnknownMember", number),
            (taken, "MembershipWalletTaken", wallet, other.id if other else 0),
        )
        self.check_wallet(wallet)
        assert member is not None
        del self.state.ids[member.wallet]
        if other is not None:
            if other.standing != Standing.BARRED:
                other = self.leave(other, Standing.BARRED)
            self.state.bars.pop(other.id, None)
            self.state.change(other, wallet=member.wallet)
            self.state.ids[member.wallet] = other.id
        self.state.ids[wallet] = number
        self.state.approvals.pop(member.ticket, None)
        self.state.change(member, wallet=wallet)

    def act(self, sender: str, wallet: str) -> tuple[int, int]:
        """Who a wallet is; recorded as an act for those who reward."""
        member = self.state.member(wallet)
        if member is None:
            return 0, 0
        if member.standing == Standing.ACTIVE and self.may(sender, REWARDER):
            self.stamp(member)
        return member.id, member.standing.status

    def setCharter(self, sender: str, new: bytes, uri: str) -> None:
        """Replace the charter."""
        field = b"charterHash".ljust(32, b"\0")
        refuse(
            (sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH),
            (new == NO_HASH, "MembershipInvalidSetting", field, 0, 1, 2**256 - 1),
        )
        self.state.charter = new

    def setSettings(self, sender: str, new: Mapping[str, int]) -> None:
        """Replace the settings within their limits: some at once, some after a wait."""
        current = self.state.membership
        limits = {
            "dormantAfter": (90 * DAY, 365 * DAY),
            "season": (45 * DAY, 365 * DAY),
            "stewardCap": (0, min(10_000, current["stewardCap"])),
            "meritCap": (0, 10**12),
            "meritCapPerMember": (0, new["meritCap"]),
        }
        refuse(
            (sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH),
            *(
                (
                    not low <= new[key] <= high,
                    "MembershipInvalidSetting",
                    key.encode().ljust(32, b"\0"),
                    new[key],
                    low,
                    high,
                )
                for key, (low, high) in limits.items()
            ),
        )
        self._postpone_cut(new["dormantAfter"])
        self.postpone_raise(new)
        self.state.membership = dict(new)

    def settings(self) -> dict[str, int]:
        """The settings in force."""
        caps = dict(zip(CAPS, self.merit_caps(), strict=True))
        return {**self.state.membership, "dormantAfter": self.dormant_after(), **caps}

    def _postpone_cut(self, asked: int) -> None:
        """Let a cut of dormantAfter wait; asking for the same while it waits changes nothing."""
        in_force, current = self.dormant_after(), self.state.membership["dormantAfter"]
        if asked >= in_force or self.in_founding:
            self.state.former_dormancy = (0, 0)
        elif asked != current:
            self.state.former_dormancy = (self.now + ANSWER, in_force)

    def withdrawSettings(self, sender: str) -> None:
        """A vote drops what waits: the settings are those in force."""
        waits = self.now < self.state.former_dormancy[0] or self.epoch < self.state.former_caps[0]
        refuse(
            (sender != self.treasury, "MembershipUnauthorized", sender, NO_HASH),
            (not waits, "MembershipNothingWaits", 0),
        )
        self.state.membership = self.settings()
        self.state.former_dormancy = (0, 0)
        self.state.former_caps = (0, 0, 0)

    # By signature

    def delegateVotesBySig(
        self,
        sender: str,
        to: str,
        nonce: int,
        expiry: int,
        signature: bytes,
    ) -> None:
        """The standard's `delegateBySig`, which recovers the signer."""
        refuse((self.now > expiry, "VotesExpiredSignature", expiry))
        signed = self.environment.signatures(signature)
        if signed.text != (self.NAME, "Delegation", to, nonce, expiry) or signed.signer is None:
            # The signature recovers to somebody else, who has never signed anything.
            raise Refusal(("InvalidAccountNonce", ANY, ANY), ("VoiceNotActive", ANY))
        current = self.state.nonces.get((self.NAME, signed.signer), 0)
        refuse((nonce != current, "InvalidAccountNonce", signed.signer, current))
        self.use_nonce(signed.signer)
        self.delegate(signed.signer, to)

    def delegateBySig(
        self,
        sender: str,
        account: str,
        to: str,
        deadline: int,
        signature: bytes,
    ) -> None:
        """As `delegate`."""
        self._check_signed(account, deadline, signature, "Delegate", to)
        self.delegate(account, to)

    def exitBySig(self, sender: str, account: str, deadline: int, signature: bytes) -> None:
        """As `exit`."""
        self._check_signed(account, deadline, signature, "Exit")
        self.exit(account)

    def restBySig(self, sender: str, account: str, deadline: int, signature: bytes) -> None:
        """As `rest`."""
        self._check_signed(account, deadline, signature, "Rest")
        self.rest(account)

    def wakeBySig(
        self,
        sender: str,
        account: str,
        accepted: bytes,
        deadline: int,
        signature: bytes,
    ) -> None:
        """As `wake`."""
        self._check_signed(account, deadline, signature, "Wake", accepted)
        self.wake(account, accepted)

    def rejoinBySig(
        self,
        sender: str,
        account: str,
        accepted: bytes,
        deadline: int,
        signature: bytes,
    ) -> None:
        """As `rejoin`."""
        self._check_signed(account, deadline, signature, "Rejoin", accepted)
        self.rejoin(account, accepted)

    def _check_signed(
        self, account: str, deadline: int, signature: bytes, name: str, *values: Any
    ) -> None:
        good = self.signed_by(account, signature, name, account, *values, NONCE, deadline)
        refuse(
            (self.now > deadline, "MembershipExpiredSignature", deadline),
            (not good, "MembershipInvalidSignature", account),
        )
        self.use_nonce(account)
