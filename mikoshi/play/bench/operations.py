"""What is measured, and what it must stay below."""

from __future__ import annotations

from dataclasses import dataclass

from mikoshi.text.language import N_

KIT = "mikoshi"
WIZARD = "oz_wizard"
ARAGON = "aragon"


@dataclass(frozen=True, slots=True)
class Operation:
    """A row: its `name`, a text that says what it is, the most gas it may take (None: no target).

    A row of `scale` is measured among 50,000 members, and only if that is asked for.

    Where the wizard's DAO does something else, a comment says what it is measured doing.
    """

    name: str
    title: str
    target: int | None = None
    scale: bool = False


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
        Operation("delegate_first", N_("delegate to another member"), 103_000),
        # no threshold, no limit
        Operation("propose", N_("propose, 1 action, 60 characters"), 80_000),
        Operation("vote_first", N_("vote, first of a proposal"), 71_000),
        Operation("vote_later", N_("vote, later"), 51_000),
        Operation("vote_by_sig", N_("vote by signature, alone"), 60_000),
        # one by one: it has no batch
        Operation("vote_batch_50_per_vote", N_("vote by signature, each in a batch of 50"), 15_500),
        # one by one: it has no batch
        Operation("vote_batch_50_fresh_per_vote", N_("… of the same members 8 days later"), 12_700),
        # queue and execute
        Operation("execute_eth_payment", N_("every transaction after the vote"), 68_000),
        Operation("proposal_10_direct", N_("whole proposal, 10 direct votes"), 680_000),
        # direct votes
        Operation("proposal_10_batch", N_("whole proposal, 10 votes in a batch"), 350_000),
        # direct votes
        Operation("proposal_100_batch", N_("whole proposal, 100 votes in a batch"), 1_700_000),
        Operation("proposal_10_batch_first", N_("… the first batch of these 10")),
        Operation("proposal_100_batch_first", N_("… the first batch of these 100")),
        Operation("leave", N_("leave"), 92_500),
        Operation("lapse_per_member", N_("lapse, each of 30"), 43_000),
        Operation("wake", N_("wake"), 92_500),
        # buyer has delegated
        Operation("ticket_sold", N_("ticket sold: an exit and an admission"), 175_000),
        # mint of tokens with votes by an owner, without rules
        Operation("reward_member_first", N_("first tokens and merit by vote, each of 100"), 90_000),
        # mint of tokens with votes by an owner, without rules
        Operation("reward_member", N_("later tokens and merit by vote, each of 100"), 53_000),
        Operation("token_transfer", N_("transfer of tokens")),
        Operation("vote_later_with_merit", N_("vote, later, with merit"), 54_000),
        Operation(
            "vote_batch_50_with_merit_per_vote",
            N_("vote by signature, each in a batch of 50, with merit"),
            16_300,
        ),
        Operation(
            "vote_batch_50_fresh_with_merit_per_vote",
            N_("… of the same members with merit 8 days later"),
            13_300,
        ),
        Operation(
            "delegate_with_merit", N_("delegate to another member, both with merit"), 106_000
        ),
        Operation("leave_with_merit", N_("leave, with merit"), 94_500),
        Operation("wake_with_merit", N_("wake, with merit"), 92_500),
        # What members do besides
        Operation("propose_10_actions", N_("propose, 10 actions")),
        Operation("execute_10_actions", N_("execute, 10 payments")),
        Operation("cancel", N_("cancel one's own proposal")),
        Operation("admit_batch_250_per_member", N_("admit 250 in a batch, each")),
        Operation("delegate_again", N_("delegate to somebody else than before")),
        Operation("leave_as_delegate", N_("leave, with another one's voice")),
        Operation("reclaim", N_("take back the voice of somebody whose delegate left")),
        Operation("rejoin", N_("come back")),
        Operation("rest", N_("rest")),
        Operation("lapse_100_per_member", N_("lapse, each of 100")),
        Operation("join_by_invitation", N_("join by a member's link"), 185_000),
        Operation("join_by_invitation_of_two", N_("… of two members")),
        Operation("join_by_invitation_of_steward", N_("… of the steward")),
        # With SCALE=1 alone: 50,000 members
        Operation(
            "vote_batch_50_of_50000_per_vote",
            N_("vote by signature, each of 50 neighbours, with merit, 50,000 members"),
            16_300,
            scale=True,
        ),
        Operation(
            "vote_batch_50_apart_of_50000_per_vote",
            N_("… of 50 members with numbers far apart"),
            scale=True,
        ),
        Operation(
            "vote_later_of_50000", N_("vote, later, with merit, 50,000 members"), 54_000, scale=True
        ),
        Operation(
            "join_by_invitation_of_two_of_50000",
            N_("join by two members' link, with merit, 50,000 members"),
            scale=True,
        ),
    )
}
