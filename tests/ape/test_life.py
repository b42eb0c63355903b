"""The life of a DAO, with the fixtures of Ape. Copy what you need."""

from __future__ import annotations

import ape
from ape.api import TestAccountAPI
from ape.managers.chain import ChainManager
from ape.managers.networks import NetworkManager

from mikoshi import DAO
from mikoshi.testing.ape_fixtures import wait_until

Accounts = list[TestAccountAPI]

TEA = [{"do": "pay", "to": "#2", "amount": "1 ETH"}]


def test_a_dao_knows_its_people(dao: DAO, accounts: Accounts, networks: NetworkManager) -> None:
    assert networks.active_provider is not None
    assert dao.record.chain_id == networks.active_provider.chain_id
    assert [each.wallet for each in dao.people] == [each.address for each in accounts[:5]]
    third = dao.person(3)
    assert third == dao.person("#3") == dao.person(accounts[2].address)
    assert (third.number, third.standing.name) == (3, "ACTIVE")
    assert third.voice == dao.membership.getVotes(third.wallet) == 10**9


def test_members_decide_what_the_treasury_pays(
    dao: DAO, accounts: Accounts, chain: ChainManager
) -> None:
    stranger = accounts[9]
    stranger.transfer(dao.treasury, "3 ether")
    proposal = dao.propose("Tea for the second", TEA, "With cake.", sender=accounts[0])
    assert (proposal.number, proposal.state.name) == (1, "PENDING")
    wait_until(chain, proposal.opens)
    for person in accounts[1:4]:
        proposal.vote("for", sender=person)
    wait_until(chain, proposal.ready)
    before = accounts[1].balance
    proposal.execute(sender=stranger)  # anybody may
    assert accounts[1].balance - before == 10**18
    assert dao.treasury.balance == 2 * 10**18
    assert dao.proposal(1).state.name == "EXECUTED"
    assert [each.event.name for each in dao.events()][-1] == "ProposalExecuted"


def test_what_is_proposed_is_told_from_its_bytes(dao: DAO, accounts: Accounts) -> None:
    reward = {"do": "reward", "to": "#3", "tokens": "100 PMC", "merit": "5 points"}
    proposal = dao.propose("Tea and thanks", [*TEA, reward], sender=accounts[0])
    second, third = (dao.person(number) for number in (2, 3))
    assert proposal.actions == [
        f"pay {second} 1 ETH",
        f"mint 100 PMC to {third}",
        f"credit 5 points of merit to {third}",
    ]


def test_nobody_votes_twice(dao: DAO, accounts: Accounts, chain: ChainManager) -> None:
    proposal = dao.propose("Shall we meet on Fridays?", sender=accounts[0])
    wait_until(chain, proposal.opens)
    proposal.vote("against", sender=accounts[1], reason="Thursdays!")
    with ape.reverts(dao.governor.GovernorAlreadyCastVote, voter=accounts[1].address):
        proposal.vote("for", sender=accounts[1])


def test_who_leaves_has_no_voice(dao: DAO, accounts: Accounts) -> None:
    dao.membership.exit(sender=accounts[4])
    assert dao.person(5).standing.name == "EXITED"
    assert dao.person(5).voice == dao.membership.getVotes(accounts[4]) == 0


def test_a_delegate_speaks_for_two(dao: DAO, accounts: Accounts) -> None:
    # `delegate` alone would be Ape's own.
    dao.membership.invoke_transaction("delegate", accounts[0], sender=accounts[1])
    assert dao.person(1).voice == 2 * 10**9
    assert dao.person(2).voice == 0
