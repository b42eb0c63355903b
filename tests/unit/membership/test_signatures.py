"""Acts that a member signs and anyone relays; see signatures.tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from eth_account.signers.local import LocalAccount

from mikoshi.chain.contract import Contract, Receipt
from mikoshi.testing.community import Community, found, person
from mikoshi.testing.defaults import CHARTER, DAY, VOICE, ZERO
from tests.support import (
    FOREVER,
    Typed,
    compact,
    deploy,
    factory,
    malleated,
    membership_messages,
    next_block_at,
    reverts,
    split,
)
from tests.unit.membership.people import NO_CHARTER, Standing, facts, member, totals

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
CLASSIC = "delegateBySig(address,uint256,uint256,uint8,bytes32,bytes32)"
OURS = "delegateBySig(address,address,uint256,bytes)"


@dataclass(frozen=True)
class Act:
    """A function with a signed twin: what it is called, and what must be so before."""

    direct: str
    twin: str
    message: str
    arguments: Callable[[Community], list[Any]]
    before: tuple[str, ...]
    standing: Standing

    def __str__(self) -> str:
        return self.direct

    def prepare(self, community: Community, wallet: str) -> None:
        membership = community.dao.membership
        for name in self.before:
            membership.send(name, sender=wallet)

    def relay(
        self, community: Community, wallet: str, signature: bytes, deadline: int = FOREVER
    ) -> Receipt:
        return community.dao.membership.send(
            self.twin,
            *(wallet, *self.arguments(community), deadline, signature),
            sender=community.outsider.address,
        )

    def sign(
        self,
        community: Community,
        key: LocalAccount,
        wallet: str,
        deadline: int = FOREVER,
        nonce: int = 0,
        **domain: Any,
    ) -> bytes:
        messages = membership_messages(community.rpc, community.dao.membership_address)
        values = (wallet, *self.arguments(community), nonce, deadline)
        return messages.sign(key, self.message, *values, **domain)


ACTS = [
    Act("delegate", OURS, "Delegate", lambda dao: [dao.wallets[1]], (), Standing.ACTIVE),
    Act("exit", "exitBySig", "Exit", lambda _: [], (), Standing.EXITED),
    Act("rejoin", "rejoinBySig", "Rejoin", lambda _: [CHARTER], ("exit",), Standing.NEWCOMER),
    Act("wake", "wakeBySig", "Wake", lambda _: [CHARTER], ("rest",), Standing.ACTIVE),
    Act("rest", "restBySig", "Rest", lambda _: [], (), Standing.DORMANT),
]
each_act = pytest.mark.parametrize("act", ACTS, ids=str)


@pytest.fixture
def key(community: Community) -> LocalAccount:
    """The first member's."""
    return community.people[0]


@each_act
def test_a_relayed_act_does_what_the_direct_one_does(
    community: Community, membership: Contract, key: LocalAccount, act: Act
) -> None:
    act.prepare(community, key.address)
    when = community.rpc.timestamp() + 100
    state = community.rpc.snapshot()
    next_block_at(community.rpc, when)
    direct = membership.send(act.direct, *act.arguments(community), sender=key.address)
    expected = (facts(direct), member(membership, 1), member(membership, 2), totals(membership))
    community.rpc.revert(state)

    next_block_at(community.rpc, when)
    relayed = act.relay(community, key.address, act.sign(community, key, key.address))

    after = (facts(relayed), member(membership, 1), member(membership, 2), totals(membership))
    assert after == expected
    assert member(membership, 1).standing == act.standing
    assert membership.call("nonces", key.address) == 1


@each_act
def test_a_relayed_act_reverts_when_the_deadline_has_passed(
    community: Community, key: LocalAccount, act: Act
) -> None:
    act.prepare(community, key.address)
    deadline = community.rpc.timestamp() + 1_000
    signature = act.sign(community, key, key.address, deadline)
    next_block_at(community.rpc, deadline + 1)
    with reverts("MembershipExpiredSignature", deadline):
        act.relay(community, key.address, signature, deadline)


@each_act
def test_a_relayed_act_works_in_the_last_second(
    community: Community, membership: Contract, key: LocalAccount, act: Act
) -> None:
    act.prepare(community, key.address)
    deadline = community.rpc.timestamp() + 1_000
    signature = act.sign(community, key, key.address, deadline)
    next_block_at(community.rpc, deadline)
    act.relay(community, key.address, signature, deadline)
    assert member(membership, 1).standing == act.standing


@each_act
def test_a_relayed_act_reverts_when_the_deadline_was_changed(
    community: Community, key: LocalAccount, act: Act
) -> None:
    act.prepare(community, key.address)
    deadline = community.rpc.timestamp() + 1_000
    signature = act.sign(community, key, key.address, deadline)
    with reverts("MembershipInvalidSignature", key.address):
        act.relay(community, key.address, signature, deadline + 1)


@each_act
def test_a_relayed_act_happens_once(
    community: Community, membership: Contract, key: LocalAccount, act: Act
) -> None:
    act.prepare(community, key.address)
    signature = act.sign(community, key, key.address)
    act.relay(community, key.address, signature)
    _put_back(community, act, key.address)
    with reverts("MembershipInvalidSignature", key.address):
        act.relay(community, key.address, signature)
    again = act.sign(community, key, key.address, nonce=1)
    act.relay(community, key.address, again)
    assert membership.call("nonces", key.address) == 2


def _put_back(community: Community, act: Act, wallet: str) -> None:
    """Make the same act possible again."""
    opposite: dict[str, tuple[str, list[Any]]] = {
        "delegate": ("delegate", [ZERO]),
        "exit": ("rejoin", [CHARTER]),
        "rejoin": ("exit", []),
        "wake": ("rest", []),
        "rest": ("wake", [CHARTER]),
    }
    name, args = opposite[act.direct]
    community.dao.membership.send(name, *args, sender=wallet)


@each_act
@pytest.mark.parametrize("nonce", [1, FOREVER])
def test_a_relayed_act_reverts_when_the_nonce_is_another(
    community: Community, key: LocalAccount, act: Act, nonce: int
) -> None:
    act.prepare(community, key.address)
    signature = act.sign(community, key, key.address, nonce=nonce)
    with reverts("MembershipInvalidSignature", key.address):
        act.relay(community, key.address, signature)


@each_act
def test_a_relayed_act_reverts_when_somebody_else_signed(
    community: Community, membership: Contract, key: LocalAccount, act: Act
) -> None:
    act.prepare(community, key.address)
    for other in (community.people[1], community.outsider):
        signature = act.sign(community, other, key.address)
        with reverts("MembershipInvalidSignature", key.address):
            act.relay(community, key.address, signature)
    assert membership.call("nonces", key.address) == 0


@each_act
def test_a_relayed_act_reverts_for_another_account(
    community: Community, key: LocalAccount, act: Act
) -> None:
    """A signature of the first member moves nobody else, zero included."""
    act.prepare(community, key.address)
    signature = act.sign(community, key, key.address)
    for other in (community.wallets[2], ZERO, community.dao.treasury_address):
        with reverts("MembershipInvalidSignature", other):
            act.relay(community, other, signature)


@each_act
@pytest.mark.parametrize("length", [0, 1, 63, 66, 96])
def test_a_relayed_act_reverts_when_the_signature_has_another_length(
    community: Community, key: LocalAccount, act: Act, length: int
) -> None:
    act.prepare(community, key.address)
    signature = (act.sign(community, key, key.address) + bytes(31))[:length]
    with reverts("MembershipInvalidSignature", key.address):
        act.relay(community, key.address, signature)


@each_act
def test_a_relayed_act_reverts_when_the_signature_recovers_to_nobody(
    community: Community, key: LocalAccount, act: Act
) -> None:
    """Solady and the precompile answer zero: that must not pass for the zero account either."""
    act.prepare(community, key.address)
    for wallet in (key.address, ZERO):
        with reverts("MembershipInvalidSignature", wallet):
            act.relay(community, wallet, bytes(64) + b"\x1b")
        with reverts("MembershipInvalidSignature", wallet):
            act.relay(community, wallet, bytes(65))


@each_act
@pytest.mark.parametrize(
    "domain",
    [
        {"chainId": 1},
        {"verifyingContract": person(7).address},
        {"name": "Mikoshi Governor"},
        {"version": "2"},
    ],
    ids=lambda domain: next(iter(domain)),
)
def test_a_relayed_act_reverts_when_signed_for_another_domain(
    community: Community, key: LocalAccount, act: Act, domain: dict[str, Any]
) -> None:
    act.prepare(community, key.address)
    signature = act.sign(community, key, key.address, **domain)
    with reverts("MembershipInvalidSignature", key.address):
        act.relay(community, key.address, signature)


@each_act
def test_a_relayed_act_reverts_in_another_dao_with_the_same_member(
    community: Community, key: LocalAccount, act: Act
) -> None:
    twin = found(community.rpc, factory=factory(community.rpc), salt=b"\x02" * 32)
    act.prepare(community, key.address)
    act.prepare(twin, key.address)
    signature = act.sign(community, key, key.address)
    with reverts("MembershipInvalidSignature", key.address):
        act.relay(twin, key.address, signature)
    act.relay(community, key.address, signature)


@each_act
def test_a_relayed_act_reverts_on_a_fork_with_another_chain_id(
    community: Community, key: LocalAccount, act: Act
) -> None:
    act.prepare(community, key.address)
    signature = act.sign(community, key, key.address)
    here = community.rpc.chain_id()
    community.rpc.call("anvil_setChainId", here + 1)
    try:
        with reverts("MembershipInvalidSignature", key.address):
            act.relay(community, key.address, signature)
        fresh = act.sign(community, key, key.address)  # reads the new chain id
        act.relay(community, key.address, fresh)
    finally:
        community.rpc.call("anvil_setChainId", here)


@each_act
@pytest.mark.parametrize("change", [compact, malleated], ids=lambda form: form.__name__)
@pytest.mark.parametrize("first", ["changed", "original"])
def test_another_form_of_a_signature_is_the_same_act_once(
    community: Community,
    membership: Contract,
    key: LocalAccount,
    act: Act,
    change: Callable[[bytes], bytes],
    first: str,
) -> None:
    act.prepare(community, key.address)
    original = act.sign(community, key, key.address)
    forms = [change(original), original]
    if first == "original":
        forms.reverse()
    act.relay(community, key.address, forms[0])
    _put_back(community, act, key.address)
    for form in forms:
        with reverts("MembershipInvalidSignature", key.address):
            act.relay(community, key.address, form)
    assert membership.call("nonces", key.address) == 1


@each_act
def test_a_contract_account_signs_by_erc_1271(
    community: Community, membership: Contract, act: Act
) -> None:
    owner = community.outsider
    wallet = deploy(community.rpc, "OwnedWallet", owner.address)
    community.as_treasury(membership, "admit", wallet.address, CHARTER)
    act.prepare(community, wallet.address)
    for other in (community.people[0], person(9)):
        with reverts("MembershipInvalidSignature", wallet.address):
            act.relay(community, wallet.address, act.sign(community, other, wallet.address))
    signature = act.sign(community, owner, wallet.address)

    act.relay(community, wallet.address, signature)

    assert member(membership, 6).standing == act.standing
    assert membership.call("nonces", wallet.address) == 1
    assert membership.call("nonces", owner.address) == 0
    _put_back(community, act, wallet.address)
    with reverts("MembershipInvalidSignature", wallet.address):
        act.relay(community, wallet.address, signature)


@each_act
def test_a_contract_that_cannot_sign_is_refused(
    community: Community, membership: Contract, act: Act
) -> None:
    mute = deploy(community.rpc, "TicketReceiver", bytes(4))
    community.as_treasury(membership, "admit", mute.address, CHARTER)
    signature = act.sign(community, community.outsider, mute.address)
    with reverts("MembershipInvalidSignature", mute.address):
        act.relay(community, mute.address, signature)


def test_a_signed_act_that_is_refused_keeps_its_nonce(
    community: Community, membership: Contract, key: LocalAccount
) -> None:
    """Refused for now, it is good once the reason is gone: that is what deadlines are for."""
    wake = ACTS[3]
    signature = wake.sign(community, key, key.address)
    with reverts("MembershipUnexpectedStanding", 1, Standing.ACTIVE):
        wake.relay(community, key.address, signature)
    assert membership.call("nonces", key.address) == 0
    membership.send("rest", sender=key.address)
    wake.relay(community, key.address, signature)
    assert member(membership, 1).standing == Standing.ACTIVE


def test_a_signed_act_refuses_what_the_direct_one_refuses(
    community: Community, membership: Contract, key: LocalAccount
) -> None:
    outsider = community.outsider
    delegate, leave, rejoin, wake, rest = ACTS
    with reverts("VoiceNotActive", outsider.address):
        signature = delegate.sign(community, outsider, outsider.address)
        delegate.relay(community, outsider.address, signature)
    for act in (leave, rejoin, wake, rest):
        with reverts("MembershipUnexpectedStanding", 0, Standing.NONE):
            signature = act.sign(community, outsider, outsider.address)
            act.relay(community, outsider.address, signature)
    membership.send("rest", sender=community.wallets[1])
    with reverts("VoiceDelegateNotActive", community.wallets[1]):
        delegate.relay(community, key.address, delegate.sign(community, key, key.address))


def test_a_signed_charter_must_be_the_current_one(
    community: Community, membership: Contract, key: LocalAccount
) -> None:
    rejoin = ACTS[2]
    membership.send("exit", sender=key.address)
    signature = rejoin.sign(community, key, key.address)
    other = b"\xd5" * 32
    community.as_treasury(membership, "setCharter", other, "")
    with reverts("MembershipCharterMismatch", CHARTER, other):
        rejoin.relay(community, key.address, signature)


def test_a_signed_charter_cannot_be_replaced_by_the_relayer(
    membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    membership.send("rest", sender=key.address)
    signature = messages.sign(key, "Wake", key.address, CHARTER, 0, FOREVER)
    with reverts("MembershipInvalidSignature", key.address):
        membership.call("wakeBySig", key.address, NO_CHARTER, FOREVER, signature)


def test_a_signature_for_one_act_is_none_for_another(
    community: Community, membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    """Exit and Rest, Wake and Rejoin have the same fields."""
    rest = messages.sign(key, "Rest", key.address, 0, FOREVER)
    with reverts("MembershipInvalidSignature", key.address):
        membership.call("exitBySig", key.address, FOREVER, rest)
    leave = messages.sign(key, "Exit", key.address, 0, FOREVER)
    with reverts("MembershipInvalidSignature", key.address):
        membership.call("restBySig", key.address, FOREVER, leave)
    membership.send("exit", sender=key.address)
    wake = messages.sign(key, "Wake", key.address, CHARTER, 0, FOREVER)
    with reverts("MembershipInvalidSignature", key.address):
        membership.call("rejoinBySig", key.address, CHARTER, FOREVER, wake)
    second = community.people[1]
    membership.send("rest", sender=second.address)
    rejoin = messages.sign(second, "Rejoin", second.address, CHARTER, 0, FOREVER)
    with reverts("MembershipInvalidSignature", second.address):
        membership.call("wakeBySig", second.address, CHARTER, FOREVER, rejoin)


def test_a_relayed_newcomer_waits_for_the_season(
    community: Community, membership: Contract
) -> None:
    wake, newcomer = ACTS[3], person(100)
    community.as_treasury(membership, "admit", newcomer.address, NO_CHARTER)
    signature = wake.sign(community, newcomer, newcomer.address)
    ready = membership.call("stampOf", 6) * DAY
    with reverts("MembershipTooEarly", 6, ready):
        wake.relay(community, newcomer.address, signature)
    next_block_at(community.rpc, ready)
    wake.relay(community, newcomer.address, signature)
    assert member(membership, 6).votes == VOICE
    assert community.rpc.balance(newcomer.address) == 0  # took part without any ether


def test_signed_delegation_to_zero_means_oneself(
    community: Community, membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    membership.send("delegate", community.wallets[1], sender=key.address)
    signature = messages.sign(key, "Delegate", key.address, ZERO, 0, FOREVER)
    membership.send(OURS, key.address, ZERO, FOREVER, signature, sender=community.outsider.address)
    assert member(membership, 1).delegate == key.address


# ERC-5805's delegateBySig


def delegation(messages: Typed, key: LocalAccount, to: str, nonce: int, expiry: int) -> list[Any]:
    signature = messages.sign(key, "Delegation", to, nonce, expiry)
    return [to, nonce, expiry, *split(signature)]


def test_delegate_by_sig_delegates(
    community: Community, membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    second = community.wallets[1]
    args = delegation(messages, key, second, 0, FOREVER)

    receipt = membership.send(CLASSIC, *args, sender=community.outsider.address)

    assert facts(receipt) == [
        ("DelegateChanged", (key.address, key.address, second)),
        ("DelegateVotesChanged", (key.address, VOICE, 0)),
        ("DelegateVotesChanged", (second, VOICE, 2 * VOICE)),
        ("MetadataUpdate", (2,)),
        ("MetadataUpdate", (1,)),
    ]
    assert membership.call("nonces", key.address) == 1
    with reverts("InvalidAccountNonce", key.address, 1):
        membership.call(CLASSIC, *args)


def test_delegate_by_sig_reverts_when_the_expiry_has_passed(
    community: Community, membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    expiry = community.rpc.timestamp() + 100
    args = delegation(messages, key, community.wallets[1], 0, expiry)
    community.rpc.warp_to(expiry)
    membership.call(CLASSIC, *args)
    community.rpc.warp_to(expiry + 1)
    with reverts("VotesExpiredSignature", expiry):
        membership.call(CLASSIC, *args)


def test_delegate_by_sig_reverts_when_the_nonce_is_another(
    community: Community, membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    args = delegation(messages, key, community.wallets[1], 1, FOREVER)
    with reverts("InvalidAccountNonce", key.address, 0):
        membership.call(CLASSIC, *args)


def test_delegate_by_sig_and_the_other_twins_share_the_nonce(
    community: Community, membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    args = delegation(messages, key, community.wallets[1], 0, FOREVER)
    rest = messages.sign(key, "Rest", key.address, 0, FOREVER)
    membership.send("restBySig", key.address, FOREVER, rest, sender=community.outsider.address)
    with reverts("InvalidAccountNonce", key.address, 1):
        membership.call(CLASSIC, *args)


def test_delegate_by_sig_counts_once_when_malleated(
    community: Community, membership: Contract, messages: Typed, key: LocalAccount
) -> None:
    """The other form of the same signature says the same, and the number is used up by either."""
    to, outsider = community.wallets[1], community.outsider.address
    signature = malleated(messages.sign(key, "Delegation", to, 0, FOREVER))
    v, r, s = split(signature)
    assert int.from_bytes(s) > ORDER // 2
    membership.send(CLASSIC, to, 0, FOREVER, v, r, s, sender=outsider)
    assert member(membership, 1).delegate == to
    with reverts("InvalidAccountNonce", key.address, 1):
        membership.call(CLASSIC, *delegation(messages, key, to, 0, FOREVER))


def test_delegate_by_sig_reverts_when_nobody_signed(membership: Contract) -> None:
    for v in (0, 26, 29, 255):
        with reverts("MembershipInvalidSignature", ZERO):
            membership.call(CLASSIC, ZERO, 0, FOREVER, v, b"\x01" * 32, b"\x01" * 32)


@pytest.mark.parametrize(
    "domain",
    [{"chainId": 1}, {"verifyingContract": person(7).address}, {"version": "2"}, {"name": "X"}],
    ids=lambda domain: next(iter(domain)),
)
def test_delegate_by_sig_of_another_domain_moves_nobody(
    community: Community,
    membership: Contract,
    messages: Typed,
    key: LocalAccount,
    domain: dict[str, Any],
) -> None:
    """It recovers to some other address, who is no member."""
    to = community.wallets[1]
    signature = messages.sign(key, "Delegation", to, 0, FOREVER, **domain)
    stranger = messages.recover(signature, "Delegation", to, 0, FOREVER)
    assert stranger != key.address
    with reverts("VoiceNotActive", stranger):
        membership.call(CLASSIC, to, 0, FOREVER, *split(signature))


def test_delegate_by_sig_reverts_when_the_signer_is_no_member(
    community: Community, membership: Contract, messages: Typed
) -> None:
    args = delegation(messages, community.outsider, community.wallets[1], 0, FOREVER)
    with reverts("VoiceNotActive", community.outsider.address):
        membership.call(CLASSIC, *args)
