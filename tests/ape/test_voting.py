"""The logic of voting, whatever people choose: Hypothesis on Ape's own Foundry node."""

from __future__ import annotations

from ape.api import TestAccountAPI
from ape.managers.chain import ChainManager
from hypothesis import given, settings
from hypothesis import strategies as st

from mikoshi import DAO
from mikoshi.testing.ape_fixtures import undone, wait_until

CHOICES = st.sampled_from(["for", "against", "abstain", ""])


@settings(max_examples=8)
@given(choices=st.lists(CHOICES, min_size=5, max_size=5))
def test_it_passes_with_a_majority_and_enough_people(
    dao: DAO, accounts: list[TestAccountAPI], chain: ChainManager, choices: list[str]
) -> None:
    with undone(chain):
        proposal = dao.propose("Shall we?", sender=accounts[0])
        wait_until(chain, proposal.opens)
        for person, choice in zip(accounts, choices, strict=False):
            if choice:
                proposal.vote(choice, sender=person)
        wait_until(chain, proposal.closes)
        majority = choices.count("for") > choices.count("against")
        enough = choices.count("for") + choices.count("abstain") >= 2  # 30 % of five people
        assert (proposal.state.name == "SUCCEEDED") == (majority and enough)
