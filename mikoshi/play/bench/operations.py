"""What is measured, and what it must stay below."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.text.language import N_

KIT = "mikoshi"
WIZARD = "oz_wizard"


@dataclass(frozen=True, slots=True)
class Operation:
    """A row: its `name`, a text that says what it is, the most gas it may take (None: no target).

    Where the wizard's DAO does something else, a comment says what it is measured doing.
    """

    name: str
    title: str
    target: int | None = None


OPERATIONS: dict[str, Operation] = {
    each.name: each
    for each in (
        # nothing shared
        Operation("create_dao", N_("create a DAO"), 600_000),
        # nothing shared
        Operation("create_dao_10_members", N_("… with 10 first members"), 1_200_000),
        # the mint alone
        Operation("admit_member", N_("admit a member, voice included"), 125_000),
        # the mints alone
        Operation("admit_batch_100_per_member", N_("admit 100 in a batch, each"), 58_000),
        Operation("delegate_first", N_("delegate to another member"), 100_000),
        # no threshold, no limit
        Operation("propose", N_("propose, 1 action, 60 characters"), 77_000),
        Operation("vote_first", N_("vote, first of a proposal"), 76_000),
        Operation("vote_later", N_("vote, later"), 50_000),
        Operation("vote_by_sig", N_("vote by signature, alone"), 59_000),
        # one by one: it has no batch
        Operation("vote_batch_50_per_vote", N_("vote by signature, each in a batch of 50"), 13_000),
        # one by one: it has no batch
        Operation("vote_batch_50_fresh_per_vote", N_("… of the same members 8 days later")),
        # queue and execute
        Operation("execute_eth_payment", N_("every transaction after the vote"), 66_000),
        Operation("proposal_10_direct", N_("whole proposal, 10 direct votes"), 660_000),
        # direct votes
        Operation("proposal_10_batch", N_("whole proposal, 10 votes in a batch"), 330_000),
        # direct votes
        Operation("proposal_100_batch", N_("whole proposal, 100 votes in a batch"), 1_380_000),
        Operation("proposal_10_batch_first", N_("… the first batch of these 10")),
        Operation("proposal_100_batch_first", N_("… the first batch of these 100")),
        Operation("leave", N_("leave"), 92_000),
        Operation("lapse_per_member", N_("lapse, each of 30"), 42_000),
        Operation("wake", N_("wake"), 90_000),
        # buyer has delegated
        Operation("ticket_sold", N_("ticket sold: an exit and an admission"), 180_000),
        # mint of tokens with votes by an owner, without rules
        Operation("reward_member_first", N_("first tokens and merit by vote, each of 100"), 88_000),
        # mint of tokens with votes by an owner, without rules
        Operation("reward_member", N_("later tokens and merit by vote, each of 100"), 51_000),
        Operation("token_transfer", N_("transfer of tokens")),
        Operation("vote_later_with_merit", N_("vote, later, with merit")),
        Operation(
            "vote_batch_50_with_merit_per_vote",
            N_("vote by signature, each in a batch of 50, with merit"),
        ),
        Operation("delegate_with_merit", N_("delegate to another member, both with merit")),
        Operation("leave_with_merit", N_("leave, with merit")),
        Operation("wake_with_merit", N_("wake, with merit")),
    )
}
