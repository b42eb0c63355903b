"""Faults in seats by a link."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_SOURCE = "contracts/membership/Invitations.sol"
_UNIT = "tests/unit/invitations/test_invitations.py::test_"
_AUDIT = "tests/audit/test_attacks_invitations.py::test_"


def _fault(name: str, old: str, new: str, breaks: str, test: str, liveness: bool = False) -> Mutant:
    return Mutant(f"invitation-{name}", "Invitations", _SOURCE, old, new, breaks, test, liveness)


MUTANTS = (
    _fault(
        "used-twice",
        "fate.isUsed = true;",
        "",
        "a key gives one seat",
        f"{_UNIT}accept_reverts_when_the_key_is_used",
    ),
    _fault(
        "claim-by-anybody",
        "_checkSignature(domain, key, keccak256(abi.encode(CLAIM_TYPEHASH, newcomer.wallet)), "
        "newcomer.claim);",
        "",
        "nobody who sees an acceptance takes its seat",
        f"{_AUDIT}who_sees_a_transaction_cannot_take_its_seat",
    ),
    _fault(
        "unasked",
        "_checkSignature(domain, newcomer.wallet, join, newcomer.signature);",
        "",
        "nobody is admitted unasked",
        f"{_AUDIT}signatures_permuted_or_cut_are_none",
    ),
    _fault(
        "sponsors-unsigned",
        "bytes32 them = keccak256(abi.encodePacked(sponsors));",
        "bytes32 them = keccak256(abi.encodePacked(new address[](0)));",
        "a newcomer signs who invites",
        f"{_UNIT}accept_makes_a_newcomer",
        liveness=True,
    ),
    _fault(
        "rest-lowers-the-need",
        "facts.counted = Total.wrap(uint256(words[1])).counted();",
        "facts.counted = Total.wrap(uint256(words[1])).awake();",
        "who rests for a moment lowers no number",
        f"{_AUDIT}members_who_rest_for_a_moment_lower_no_number",
    ),
    _fault(
        "word-of-nobody",
        "_checkSignature(domain, sponsor, word, invitation.sponsors[i].signature);",
        "",
        "an invitation is its sponsors' word",
        f"{_UNIT}accept_reverts_when_somebody_else_signed[sponsor]",
    ),
    _fault(
        "sponsor-twice",
        "if (sponsor <= before)",
        "if (sponsor < before)",
        "sponsors are distinct",
        f"{_UNIT}accept_reverts_when_the_sponsors_are_unordered",
    ),
    _fault(
        "revoked-in-vain",
        "if (isDoubted && isRevoked[key][sponsor])",
        "if (isDoubted && isRevoked[sponsor][key])",
        "a sponsor's word can be taken back",
        f"{_UNIT}revoke_takes_one_sponsors_word_back",
    ),
    _fault(
        "revoked-for-all",
        "if (isDoubted && isRevoked[key][sponsor])",
        "if (isDoubted)",
        "nobody takes another's word back",
        f"{_AUDIT}a_strangers_revocation_takes_nobodys_word_back",
        liveness=True,
    ),
    _fault(
        "dormant-sponsor",
        "if (!record.isActive())",
        "if (record.id() == 0)",
        "sponsors are Active when it is accepted",
        f"{_UNIT}accept_reverts_when_a_sponsor_is_not_active[rest]",
    ),
    _fault(
        "young-sponsor",
        "if (block.timestamp < readyAt)",
        "if (block.timestamp + 1 < readyAt)",
        "a sponsor has been a member for a season",
        f"{_UNIT}accept_reverts_before_a_sponsors_season",
    ),
    _fault(
        "sponsor-without-end",
        "if (given >= usage.perSponsor)",
        "if (given > usage.perSponsor)",
        "a sponsor gives so many seats an epoch",
        f"{_AUDIT}a_sponsor_who_invites_themselves_a_hundred_times",
    ),
    _fault(
        "neighbours-number",
        "group[id & 7] = uint32",
        "group[0] = uint32",
        "each sponsor has a number of their own",
        f"{_UNIT}accept_reverts_when_a_sponsors_seats_are_given",
    ),
    _fault(
        "epoch-without-end",
        "if (usage.ofMembers >= usage.perEpoch)",
        "if (usage.ofMembers > usage.perEpoch)",
        "members' invitations give so many seats an epoch",
        f"{_AUDIT}all_members_together_stay_below_the_number_of_the_epoch",
    ),
    _fault(
        "steward-without-end",
        "if (usage.ofSteward >= cap)",
        "if (usage.ofSteward > cap)",
        "the steward's links have a number of the size of the steward's own",
        f"{_UNIT}accept_of_the_steward_makes_an_active_member",
    ),
    _fault(
        "voice-at-once",
        "bySteward ? newcomer.charterHash : bytes32(0)",
        "newcomer.charterHash",
        "members' invitations make Newcomers (B7)",
        f"{_UNIT}accept_makes_a_newcomer",
    ),
    _fault(
        "one-among-many",
        "counted < MANY ? 1 : MANY_NEED",
        "counted <= MANY ? 1 : MANY_NEED",
        "nobody invites alone where six are counted",
        f"{_UNIT}accept_asks_for_two_sponsors_where_six_are_counted",
    ),
    _fault(
        "passed-over",
        "if (membership_.statusOf(id) == before) revert InvitationsPassedOver(wallet, id);",
        "",
        "who is passed over keeps their invitation",
        f"{_UNIT}accept_passes_over_who_has_a_seat",
    ),
    _fault(
        "kept-for-years",
        "if (invitation.deadline > last) revert InvitationsTooLong(invitation.deadline, last);",
        "",
        "an invitation holds for its last 60 days",
        f"{_UNIT}accept_reverts_when_the_invitation_lasts_too_long",
    ),
    _fault(
        "settings-of-anybody",
        "if (msg.sender != treasury()) revert InvitationsUnauthorized(msg.sender);",
        "",
        "only a vote changes the settings (A2)",
        f"{_UNIT}set_settings_reverts_when_the_caller_is_not_the_treasury",
    ),
    _fault(
        "settings-at-once",
        "_steward() == address(0) ? WAITING_PERIOD : 0",
        "0",
        "what a vote asks for waits until another vote can take it back",
        f"{_UNIT}set_settings_waits",
    ),
    _fault(
        "withdrawn-in-vain",
        "_usage.nextFrom = 0;",
        "",
        "what waits can be taken back",
        f"{_UNIT}withdraw_settings",
    ),
)
