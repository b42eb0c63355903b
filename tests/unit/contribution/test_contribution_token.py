"""The DAO's ERC-20: see contribution_token.tree."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from mikoshi.chain.contract import Contract
from mikoshi.testing.community import Community, person
from mikoshi.testing.defaults import DAY, ZERO
from tests.support import FOREVER, Typed, malleated, reverts, split
from tests.unit.governance.support import found_beside, send_at

TOKEN = 10**18
CAP = 1_000_000 * TOKEN
EPOCH = 30 * DAY
NO_CAP = 2**96 - 1
MINTER, PURSE = keccak(text="MINTER"), keccak(text="PURSE")
PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3"
PERMIT = {
    "Permit": "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline",
}


def mint(community: Community, to: str, amount: int, kind: int = 0) -> None:
    community.as_treasury(community.dao.token, "mint", to, amount, kind)


def grant(community: Community, role: bytes, account: str) -> None:
    community.rpc.fund(account)
    community.as_treasury(community.dao.treasury, "grantRole", role, account)


def lock(community: Community) -> None:
    settings = {"epochCap": CAP, "transferable": False}
    community.as_treasury(community.dao.token, "setSettings", settings)


def epoch_start(community: Community, epoch: int) -> int:
    t0: int = community.dao.membership.call("voiceParams")["t0"]
    return t0 + epoch * EPOCH


def balances(token: Contract, *accounts: str) -> list[int]:
    return [token.call("balanceOf", account) for account in accounts]


def test_begins_empty(community: Community) -> None:
    token = community.dao.token
    assert token.call("name") == "PM DAO Contribution"
    assert token.call("symbol") == "PMC"
    assert token.call("decimals") == 18
    assert token.call("totalSupply") == 0
    assert token.call("treasury") == community.dao.treasury_address
    assert token.call("settings") == {"epochCap": CAP, "transferable": True}
    assert token.call("mintable") == token.call("mintableFor", 7) == CAP


# Minting


def test_mint(community: Community) -> None:
    token, to = community.dao.token, community.wallets[0]
    receipt = community.as_treasury(token, "mint", to, 5 * TOKEN, 7)
    assert [(event.name, event.args) for event in receipt.events] == [
        ("Transfer", {"from": ZERO, "to": to, "amount": 5 * TOKEN}),
        ("Minted", {"kind": 7, "amount": 5 * TOKEN}),
    ]
    assert token.call("balanceOf", to) == token.call("totalSupply") == 5 * TOKEN
    assert token.call("mintable") == token.call("mintableFor", 7) == CAP - 5 * TOKEN


def test_mint_by_a_minter(community: Community) -> None:
    token, minter = community.dao.token, person(60).address
    community.rpc.fund(minter)
    with reverts("ContributionTokenUnauthorized", minter, MINTER):
        token.send("mint", minter, 1, 0, sender=minter)
    grant(community, MINTER, minter)
    token.send("mint", community.wallets[0], 3, 0, sender=minter)
    token.send("mintMany", [minter, minter], [1, 1], 0, sender=minter)
    community.as_treasury(community.dao.treasury, "revokeRole", MINTER, minter)
    with reverts("ContributionTokenUnauthorized", minter, MINTER):
        token.send("mintMany", [minter], [1], 0, sender=minter)
    assert balances(token, community.wallets[0], minter) == [3, 2]
    assert token.call("totalSupply") == 5


def test_mint_reverts_for_others(community: Community) -> None:
    token = community.dao.token
    dao = community.dao
    senders = (*community.wallets[:2], dao.governor_address, dao.membership_address)
    for sender in senders:
        community.rpc.fund(sender)
        for call in (("mint", sender, 1, 0), ("mintMany", [sender], [1], 0)):
            with reverts("ContributionTokenUnauthorized", sender, MINTER):
                token.send(*call, sender=sender)
    assert token.call("totalSupply") == 0


@pytest.mark.parametrize("by_minter", [False, True])
def test_mint_reverts_over_the_cap(community: Community, by_minter: bool) -> None:
    """The Treasury is bound like any MINTER."""
    token, to = community.dao.token, community.wallets[0]
    sender = community.dao.treasury_address
    if by_minter:
        sender = person(60).address
        grant(community, MINTER, sender)
    with reverts("ContributionTokenCapExceeded", CAP + 1, CAP):
        token.send("mint", to, CAP + 1, 0, sender=sender)
    token.send("mint", to, CAP - 10, 0, sender=sender)
    with reverts("ContributionTokenCapExceeded", 11, 10):
        token.send("mint", to, 11, 5, sender=sender)
    token.send("mint", to, 10, 5, sender=sender)
    with reverts("ContributionTokenCapExceeded", 1, 0):
        token.send("mint", to, 1, 0, sender=sender)
    token.send("mint", to, 0, 0, sender=sender)
    assert token.call("totalSupply") == CAP
    assert token.call("mintable") == 0


@pytest.mark.parametrize("amount", [2**96, 2**256 - 1])
def test_mint_reverts_with_amounts_past_the_record(community: Community, amount: int) -> None:
    with reverts("ContributionTokenCapExceeded", amount, CAP):
        mint(community, community.wallets[0], amount)


def test_the_largest_cap_can_be_used_up(community: Community) -> None:
    token = community.dao.token
    settings = {"epochCap": 2**96 - 1, "transferable": True}
    community.as_treasury(token, "setSettings", settings)
    mint(community, community.wallets[0], 2**96 - 1)
    with reverts("ContributionTokenCapExceeded", 1, 0):
        mint(community, community.wallets[0], 1)


def test_the_cap_starts_anew_with_each_epoch(community: Community) -> None:
    token, to, treasury = community.dao.token, community.wallets[0], community.dao.treasury_address
    mint(community, to, CAP)
    with reverts("ContributionTokenCapExceeded", 1, 0):
        send_at(token, epoch_start(community, 1) - 1, "mint", to, 1, 0, sender=treasury)
    send_at(token, epoch_start(community, 1), "mint", to, CAP, 0, sender=treasury)
    assert token.call("mintable") == 0
    # What one epoch leaves is not carried over, and an idle epoch adds nothing.
    community.rpc.warp_to(epoch_start(community, 4))
    assert token.call("mintable") == CAP
    mint(community, to, 1)
    assert token.call("mintable") == CAP - 1
    community.rpc.warp_to(epoch_start(community, 5) - 1)
    assert token.call("mintable") == CAP - 1
    community.rpc.warp_to(epoch_start(community, 5))
    assert token.call("mintable") == CAP
    assert token.call("totalSupply") == 2 * CAP + 1


def test_burning_does_not_give_the_cap_back(community: Community) -> None:
    token, holder = community.dao.token, community.wallets[0]
    mint(community, holder, CAP)
    token.send("burn", CAP, sender=holder)
    assert token.call("mintable") == 0


def test_mint_many(community: Community) -> None:
    token = community.dao.token
    a, b = community.wallets[:2]
    receipt = community.as_treasury(token, "mintMany", [a, b, a], [1, 2, 3], 9)
    assert [(event.name, list(event.args.values())) for event in receipt.events] == [
        ("Transfer", [ZERO, a, 1]),
        ("Transfer", [ZERO, b, 2]),
        ("Transfer", [ZERO, a, 3]),
        ("Minted", [9, 6]),
    ]
    assert balances(token, a, b) == [4, 2]
    assert token.call("totalSupply") == 6
    assert token.call("mintable") == CAP - 6


def test_mint_many_reverts_as_a_whole(community: Community) -> None:
    token, to = community.dao.token, community.wallets[0]
    with reverts("ContributionTokenCapExceeded", CAP + 1, CAP):
        community.as_treasury(token, "mintMany", [to, to], [CAP, 1], 0)
    for accounts, amounts in (([to], []), ([], [1]), ([to, to], [1])):
        with reverts("ContributionTokenRaggedLists", len(accounts), len(amounts)):
            community.as_treasury(token, "mintMany", accounts, amounts, 0)
    with reverts("Panic", 0x11):
        community.as_treasury(token, "mintMany", [to, to], [2**256 - 1, 2], 0)
    assert token.call("totalSupply") == 0
    assert token.call("mintable") == CAP


def test_nothing_is_minted_to_nobody(community: Community) -> None:
    token, to = community.dao.token, community.wallets[0]
    for call in (("mint", ZERO, 1, 0), ("mintMany", [to, ZERO], [1, 1], 0)):
        with reverts("ContributionTokenInvalidReceiver", ZERO):
            community.as_treasury(token, *call)
    with reverts("ContributionTokenInvalidReceiver", ZERO):
        found_beside(community, grants=[{"account": ZERO, "amount": 1}])
    assert token.call("totalSupply") == 0
    assert token.call("mintable") == CAP


# Kinds


def set_kind_cap(community: Community, kind: int, cap: int) -> None:
    receipt = community.as_treasury(community.dao.token, "setKindCap", kind, cap)
    assert [(e.name, e.args) for e in receipt.events] == [
        ("KindCapChanged", {"kind": kind, "cap": cap})
    ]


def test_a_kind_has_a_cap_of_its_own(community: Community) -> None:
    token, to = community.dao.token, community.wallets[0]
    set_kind_cap(community, 7, 100)
    assert token.call("mintableFor", 7) == 100
    assert token.call("mintableFor", 8) == CAP
    mint(community, to, 60, kind=7)
    with reverts("ContributionTokenKindCapExceeded", 7, 41, 40):
        mint(community, to, 41, kind=7)
    assert token.call("mintable") == CAP - 60  # nothing of the refused mint
    mint(community, to, 1_000, kind=8)
    mint(community, to, 40, kind=7)
    with reverts("ContributionTokenKindCapExceeded", 7, 1, 0):
        community.as_treasury(token, "mintMany", [to], [1], 7)
    assert token.call("mintable") == CAP - 1_100
    community.rpc.warp_to(epoch_start(community, 1))
    assert token.call("mintableFor", 7) == 100
    mint(community, to, 100, kind=7)


def test_a_kind_is_bound_by_the_epochs_cap_too(community: Community) -> None:
    token, to = community.dao.token, community.wallets[0]
    set_kind_cap(community, 7, CAP)
    mint(community, to, CAP - 5, kind=8)
    assert token.call("mintableFor", 7) == 5
    with reverts("ContributionTokenCapExceeded", 6, 5):
        mint(community, to, 6, kind=7)


def test_a_kinds_cap_can_be_zero_lowered_and_removed(community: Community) -> None:
    token, to = community.dao.token, community.wallets[0]
    set_kind_cap(community, 7, 0)
    with reverts("ContributionTokenKindCapExceeded", 7, 1, 0):
        mint(community, to, 1, kind=7)
    set_kind_cap(community, 7, 100)
    mint(community, to, 80, kind=7)
    set_kind_cap(community, 7, 50)
    assert token.call("mintableFor", 7) == 0
    with reverts("ContributionTokenKindCapExceeded", 7, 1, 0):
        mint(community, to, 1, kind=7)
    set_kind_cap(community, 7, 90)
    assert token.call("mintableFor", 7) == 10
    set_kind_cap(community, 7, NO_CAP)
    assert token.call("mintableFor", 7) == CAP - 80
    mint(community, to, 1_000, kind=7)


# Settings


def test_set_settings(community: Community) -> None:
    token = community.dao.token
    mint(community, community.wallets[0], 100)
    for settings, left in (
        ({"epochCap": 50, "transferable": False}, 0),
        ({"epochCap": 150, "transferable": True}, 50),
        ({"epochCap": 0, "transferable": True}, 0),
    ):
        receipt = community.as_treasury(token, "setSettings", settings)
        assert receipt.only("SettingsChanged").args == {"settings": settings}
        assert token.call("settings") == settings
        assert token.call("mintable") == left
    with reverts("ContributionTokenCapExceeded", 1, 0):
        mint(community, community.wallets[0], 1)


def test_settings_revert_for_all_but_the_treasury(community: Community) -> None:
    token, minter = community.dao.token, person(60).address
    grant(community, MINTER, minter)
    community.rpc.fund(community.dao.governor_address)
    settings = {"epochCap": 2**96 - 1, "transferable": True}
    for sender in (minter, community.wallets[0], community.dao.governor_address):
        for call in (("setSettings", settings), ("setKindCap", 1, 5)):
            with reverts("ContributionTokenUnauthorized", sender, bytes(32)):
                token.send(*call, sender=sender)


# Burning


def test_burn(community: Community) -> None:
    token, holder = community.dao.token, community.wallets[0]
    mint(community, holder, 10)
    receipt = token.send("burn", 4, sender=holder)
    assert [(event.name, event.args) for event in receipt.events] == [
        ("Transfer", {"from": holder, "to": ZERO, "amount": 4})
    ]
    assert token.call("balanceOf", holder) == token.call("totalSupply") == 6
    with reverts("InsufficientBalance"):
        token.send("burn", 7, sender=holder)
    token.send("burn", 6, sender=holder)
    assert token.call("totalSupply") == 0


def test_burn_from(community: Community) -> None:
    token = community.dao.token
    holder, spender = community.wallets[:2]
    mint(community, holder, 10)
    with reverts("InsufficientAllowance"):
        token.send("burnFrom", holder, 1, sender=spender)
    token.send("approve", spender, 7, sender=holder)
    token.send("burnFrom", holder, 3, sender=spender)
    assert token.call("allowance", holder, spender) == 4
    assert token.call("balanceOf", holder) == token.call("totalSupply") == 7
    with reverts("InsufficientAllowance"):
        token.send("burnFrom", holder, 5, sender=spender)
    token.send("approve", spender, 2**256 - 1, sender=holder)
    with reverts("InsufficientBalance"):
        token.send("burnFrom", holder, 8, sender=spender)
    token.send("burnFrom", holder, 7, sender=spender)
    assert token.call("allowance", holder, spender) == 2**256 - 1
    assert token.call("totalSupply") == 0


def test_supply_is_minted_less_burned(community: Community) -> None:
    token = community.dao.token
    a, b, c = community.wallets[:3]
    minted = burned = 0
    for i, wallet in enumerate((a, b, c, a, b, c), 1):
        mint(community, wallet, 100 * i, kind=i)
        minted += 100 * i
        token.send("transfer", b, 10 * i, sender=wallet)
        token.send("burn", i, sender=b)
        burned += i
        assert token.call("totalSupply") == minted - burned
        assert sum(balances(token, a, b, c)) == minted - burned


# Moving


def test_transfer(community: Community) -> None:
    token = community.dao.token
    a, b = community.wallets[:2]
    mint(community, a, 10)
    assert token.call("transfer", b, 4, sender=a) is True
    receipt = token.send("transfer", b, 4, sender=a)
    assert receipt.only("Transfer").args == {"from": a, "to": b, "amount": 4}
    assert balances(token, a, b) == [6, 4]
    with reverts("InsufficientBalance"):
        token.send("transfer", b, 7, sender=a)
    token.send("transfer", a, 6, sender=a)
    assert balances(token, a, b) == [6, 4]


def test_transfer_from(community: Community) -> None:
    token = community.dao.token
    a, b, spender = community.wallets[:3]
    mint(community, a, 10)
    with reverts("InsufficientAllowance"):
        token.send("transferFrom", a, b, 1, sender=spender)
    assert token.call("approve", spender, 5, sender=a) is True
    receipt = token.send("approve", spender, 5, sender=a)
    assert receipt.only("Approval").args == {"owner": a, "spender": spender, "amount": 5}
    assert token.call("transferFrom", a, b, 3, sender=spender) is True
    token.send("transferFrom", a, b, 3, sender=spender)
    assert token.call("allowance", a, spender) == 2
    assert balances(token, a, b, spender) == [7, 3, 0]
    with reverts("InsufficientAllowance"):
        token.send("transferFrom", a, b, 3, sender=spender)


def test_locked_tokens_do_not_move(community: Community) -> None:
    token = community.dao.token
    a, b, spender = community.wallets[:3]
    mint(community, a, 10)
    lock(community)
    token.send("approve", spender, 10, sender=a)
    for to in (b, a, community.dao.treasury_address, community.outsider.address):
        with reverts("ContributionTokenLocked", a, to):
            token.send("transfer", to, 1, sender=a)
        with reverts("ContributionTokenLocked", a, to):
            token.send("transferFrom", a, to, 1, sender=spender)
    with reverts("ContributionTokenLocked", a, b):
        token.send("transfer", b, 0, sender=a)
    assert balances(token, a, b) == [10, 0]


@pytest.mark.parametrize("locked", [False, True])
def test_tokens_do_not_move_to_nobody(community: Community, locked: bool) -> None:
    """Only burning takes them out of the world, and out of the supply."""
    token, purse = community.dao.token, person(60).address
    a, spender = community.wallets[:2]
    mint(community, a, 10)
    if locked:
        lock(community)
    grant(community, PURSE, purse)
    token.send("transfer", purse, 5, sender=a)
    token.send("approve", spender, 10, sender=a)
    for holder in (a, purse):
        with reverts("ContributionTokenInvalidReceiver", ZERO):
            token.send("transfer", ZERO, 1, sender=holder)
    with reverts("ContributionTokenInvalidReceiver", ZERO):
        token.send("transferFrom", a, ZERO, 1, sender=spender)
    assert balances(token, a, purse, ZERO) == [5, 5, 0]


def test_locked_tokens_can_be_minted_and_burned(community: Community) -> None:
    token = community.dao.token
    a, spender = community.wallets[:2]
    lock(community)
    mint(community, a, 10)
    token.send("approve", spender, 10, sender=a)
    token.send("burn", 2, sender=a)
    token.send("burnFrom", a, 3, sender=spender)
    assert token.call("balanceOf", a) == token.call("totalSupply") == 5


def test_locked_tokens_move_from_and_to_a_purse(community: Community) -> None:
    token, purse = community.dao.token, person(60).address
    a, b = community.wallets[:2]
    lock(community)
    mint(community, a, 10)
    grant(community, PURSE, purse)
    token.send("transfer", purse, 6, sender=a)
    token.send("transfer", b, 4, sender=purse)
    assert balances(token, a, b, purse) == [4, 4, 2]
    # A PURSE as spender is neither side.
    token.send("approve", purse, 4, sender=a)
    with reverts("ContributionTokenLocked", a, b):
        token.send("transferFrom", a, b, 4, sender=purse)
    token.send("transferFrom", a, purse, 4, sender=purse)
    community.as_treasury(community.dao.treasury, "revokeRole", PURSE, purse)
    with reverts("ContributionTokenLocked", purse, b):
        token.send("transfer", b, 1, sender=purse)


def test_the_lock_can_be_opened_by_vote(community: Community) -> None:
    token = community.dao.token
    a, b = community.wallets[:2]
    lock(community)
    mint(community, a, 10)
    settings = {"epochCap": CAP, "transferable": True}
    community.decide([(token, 0, token.data("setSettings", settings))])
    token.send("transfer", b, 10, sender=a)
    assert balances(token, a, b) == [0, 10]


def test_permit2_has_no_allowance_of_its_own(community: Community) -> None:
    token = community.dao.token
    a, b = community.wallets[:2]
    mint(community, a, 10)
    community.rpc.fund(PERMIT2)
    assert token.call("allowance", a, PERMIT2) == 0
    with reverts("InsufficientAllowance"):
        token.send("transferFrom", a, b, 1, sender=PERMIT2)
    token.send("approve", PERMIT2, 3, sender=a)
    assert token.call("allowance", a, PERMIT2) == 3
    token.send("transferFrom", a, b, 3, sender=PERMIT2)
    assert token.call("allowance", a, PERMIT2) == 0
    with reverts("InsufficientAllowance"):
        token.send("transferFrom", a, b, 1, sender=PERMIT2)


def test_nobody_sends_burns_or_approves_for_the_zero_address(community: Community) -> None:
    """A transfer of nothing from nobody would look like a mint."""
    token, outsider = community.dao.token, community.outsider.address
    for amount in (0, 1):
        with reverts("ContributionTokenInvalidSender", ZERO):
            token.call("transferFrom", ZERO, outsider, amount, sender=outsider)
        with reverts("ContributionTokenInvalidSender", ZERO):
            token.call("burnFrom", ZERO, amount, sender=outsider)
        with reverts("ContributionTokenInvalidSpender", ZERO):
            token.call("approve", ZERO, amount, sender=outsider)
    owner = community.wallets[0]
    signature = messages(community).sign(person(1), "Permit", owner, ZERO, 5, 0, FOREVER)
    with reverts("ContributionTokenInvalidSpender", ZERO):
        token.call("permit", owner, ZERO, 5, FOREVER, *split(signature))


# Permit


def messages(community: Community) -> Typed:
    token = community.dao.token
    return Typed(token.call("name"), token.address, community.rpc.chain_id(), PERMIT)


def permit(
    community: Community,
    value: int = 5,
    nonce: int = 0,
    deadline: int = FOREVER,
    key: LocalAccount | None = None,
    **domain: Any,
) -> tuple[Any, ...]:
    """Member 1's permit to member 2: what to send to the token."""
    owner, spender = community.wallets[:2]
    values = (owner, spender, value, nonce, deadline)
    signature = messages(community).sign(key or person(1), "Permit", *values, **domain)
    return ("permit", owner, spender, value, deadline, *split(signature))


def test_permit(community: Community) -> None:
    token = community.dao.token
    owner, spender = community.wallets[:2]
    receipt = token.send(*permit(community), sender=community.outsider.address)
    assert [(event.name, event.args) for event in receipt.events] == [
        ("Approval", {"owner": owner, "spender": spender, "amount": 5})
    ]
    assert token.call("allowance", owner, spender) == 5
    assert token.call("nonces", owner) == 1
    token.send(*permit(community, value=2, nonce=1), sender=spender)
    assert token.call("allowance", owner, spender) == 2


def test_permit_reverts_when_used_before(community: Community) -> None:
    token, relayer = community.dao.token, community.outsider.address
    call = permit(community)
    token.send(*call, sender=relayer)
    with reverts("InvalidPermit"):
        token.send(*call, sender=relayer)
    signature = call[6] + call[7] + bytes([call[5]])
    with reverts("InvalidPermit"):
        token.send(*call[:5], *split(malleated(signature)), sender=relayer)


def test_permit_reverts_after_its_deadline(community: Community) -> None:
    token, relayer = community.dao.token, community.outsider.address
    deadline = community.rpc.timestamp() + 100
    call = permit(community, deadline=deadline)
    with community.rpc.isolate(), reverts("PermitExpired"):
        send_at(token, deadline + 1, *call, sender=relayer)
    send_at(token, deadline, *call, sender=relayer)
    assert token.call("nonces", community.wallets[0]) == 1


def test_permit_reverts_when_signed_otherwise(community: Community) -> None:
    token = community.dao.token
    wrong = {
        "by the spender": permit(community, key=person(2)),
        "another nonce": permit(community, nonce=1),
        "another chain": permit(community, chainId=1),
        "another contract": permit(community, verifyingContract=community.dao.treasury_address),
        "another name": permit(community, name="PM DAO"),
        "another version": permit(community, version="2"),
        "another value": (*permit(community)[:3], 6, *permit(community)[4:]),
        "another deadline": (*permit(community)[:4], FOREVER - 1, *permit(community)[5:]),
        "nobody": ("permit", ZERO, community.wallets[1], 5, FOREVER, 27, bytes(32), bytes(32)),
    }
    for name, call in wrong.items():
        with reverts("InvalidPermit"):
            token.send(*call, sender=community.outsider.address)
        assert name
    assert token.call("allowance", *community.wallets[:2]) == 0


# At creation


def test_grants_at_creation_are_beside_the_cap(community: Community) -> None:
    a, b = person(1).address, community.outsider.address
    grants = [{"account": w, "amount": n} for w, n in ((a, 5), (b, 2 * CAP), (a, 6), (b, 0))]
    token_settings = {"epochCap": 0, "transferable": False}
    other = found_beside(community, grants=grants, token=token_settings)
    token = other.dao.token
    assert balances(token, a, b) == [11, 2 * CAP]
    assert token.call("totalSupply") == 2 * CAP + 11
    assert token.call("mintable") == 0
    with reverts("ContributionTokenCapExceeded", 1, 0):
        mint(other, a, 1)
    with reverts("ContributionTokenLocked", a, b):
        token.send("transfer", b, 1, sender=a)


@pytest.mark.parametrize(
    ("name", "symbol"),
    [("x", "y"), ("祭" * 21, "輿" * 5), ('<"&\\\n>', "🎉" * 4), ("a" * 64, "b" * 16)],
)
def test_names_are_kept_as_given(community: Community, name: str, symbol: str) -> None:
    other = found_beside(community, 1, tokenName=name, tokenSymbol=symbol)
    assert other.dao.token.call("name") == name
    assert other.dao.token.call("symbol") == symbol
    assert other.dao.token.call("eip712Domain")[1] == name
    other.dao.token.send(*permit(other_with_two(other)), sender=other.outsider.address)
    assert other.dao.token.call("nonces", other.wallets[0]) == 1


def other_with_two(community: Community) -> Community:
    community.people.append(person(2))
    return community
