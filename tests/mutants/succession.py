"""Faults in seats that are given back."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_SOURCE = "contracts/membership/Succession.sol"
_UNIT = "tests/unit/succession/"
_PLANS, _REQUESTS, _ENDS = (
    f"{_UNIT}test_{name}.py::test_" for name in ("plans", "requests", "ends")
)
_AUDIT = "tests/audit/test_attacks_succession.py::test_"
_SIGNED = "tests/audit/test_attacks_succession_signed.py::test_"


def _fault(name: str, old: str, new: str, breaks: str, test: str, liveness: bool = False) -> Mutant:
    return Mutant(f"succession-{name}", "Succession", _SOURCE, old, new, breaks, test, liveness)


MUTANTS = (
    _fault(
        "no-delay",
        "if (block.timestamp < request.readyAt) revert SuccessionTooEarly(id, request.readyAt);",
        "",
        "nothing is done before the delay is over (U2)",
        f"{_AUDIT}colluding_guardians_against_an_awake_owner",
    ),
    _fault(
        "short-delay",
        "_readyAfter(plan.delay)",
        "_readyAfter(3 days)",
        "the delay is the one of the plan (U2)",
        f"{_REQUESTS}recover_opens_a_request",
    ),
    _fault(
        "hasty-vote",
        "_readyAfter(VOTE_DELAY)",
        "_readyAfter(HEIR_DELAY)",
        "a vote's request waits longer than any vote lasts (U2)",
        f"{_AUDIT}one_vote_that_nobody_opposes_takes_no_seat",
    ),
    _fault(
        "word-of-nobody",
        "_checkSignature(guardian, word, words[i].signature);",
        "",
        "guardians ask with their own word (U1)",
        f"{_REQUESTS}recover_reverts_when_a_guardian_did_not_sign",
    ),
    _fault(
        "one-guardian-less",
        "if (words.length < needed)",
        "if (words.length + 1 < needed)",
        "as many guardians ask as the plan needs (U1)",
        f"{_REQUESTS}recover_reverts_when_the_guardians_are_too_few",
    ),
    _fault(
        "nobody-needed",
        "FixedPointMathLib.max(plan.needed, 1)",
        "plan.needed",
        "without guardians nobody asks as one (U1)",
        f"{_REQUESTS}recover_reverts_when_the_plan_has_no_guardian",
    ),
    _fault(
        "same-place-twice",
        "if (i != 0 && place <= words[i - 1].guardian)",
        "if (i != 0 && place < words[i - 1].guardian)",
        "a guardian counts once (U1)",
        f"{_REQUESTS}recover_reverts_when_a_place_is_unordered_or_missing",
        liveness=True,
    ),
    _fault(
        "same-account-twice",
        "if (by[j] == guardian) revert SuccessionSignedTwice(guardian);",
        "",
        "an account counts once (U1)",
        f"{_AUDIT}one_person_is_not_two_guardians",
    ),
    _fault(
        "own-guardian",
        "if (guardian == person) revert SuccessionSignedTwice(guardian);",
        "",
        "nobody's wallet is a guardian of its own seat (U1)",
        f"{_AUDIT}a_recovered_wallet_that_was_a_guardian_counts_no_more",
    ),
    _fault(
        "guardian-who-left",
        "if (status != Status.Active && status != Status.Dormant)",
        "if (status == Status.None)",
        "a guardian by id counts only while a member (U1)",
        f"{_AUDIT}a_guardian_who_left_asks_for_nothing_and_returns_as_one",
    ),
    _fault(
        "dormant-guardian",
        "if (status != Status.Active && status != Status.Dormant)",
        "if (status != Status.Active)",
        "a guardian may be silent",
        f"{_REQUESTS}recover_by_a_guardian_who_is_a_silent_member",
        liveness=True,
    ),
    _fault(
        "plan-of-anybody",
        "if (planHash != current) revert SuccessionPlanMismatch(id, planHash, current);",
        "",
        "who asks was named by the person (U1)",
        f"{_REQUESTS}recover_reverts_when_the_plan_is_another",
    ),
    _fault(
        "untaken",
        "_checkSignature(wallet, take, taking);",
        "",
        "a seat goes to a wallet that takes it (U1)",
        f"{_REQUESTS}a_request_reverts_when_the_new_wallet_did_not_sign",
    ),
    _fault(
        "heir-of-nobody",
        "block.timestamp < readyAt) revert SuccessionNotSilent(id, readyAt);",
        "false) revert SuccessionNotSilent(id, readyAt);",
        "an heir asks after the silence (U4)",
        f"{_AUDIT}nobody_makes_another_seem_dead",
    ),
    _fault(
        "silence-a-month-short",
        "* 1 days + UNRECORDED;",
        "* 1 days;",
        "an act may be a month younger than its record (U4)",
        f"{_REQUESTS}inherit_from_the_first_second_of_enough_silence[by a record]",
    ),
    _fault(
        "plan-unheard",
        "_people[id].heardAt = uint40(block.timestamp); // Unix seconds fit 40 bits\n"
        "        emit PlanSet",
        "emit PlanSet",
        "who makes a plan is alive (U4)",
        f"{_REQUESTS}inherit_from_the_first_second_of_enough_silence[here]",
    ),
    _fault(
        "return-unheard",
        "_people[id].heardAt = uint40(block.timestamp); // Unix seconds fit 40 bits\n"
        "        IMembership membership_",
        "IMembership membership_",
        "who got their seat back is alive (U4)",
        f"{_AUDIT}who_just_got_the_seat_back_is_not_inherited_from",
    ),
    _fault(
        "act-in-vain",
        "request.kind != Kind.Recovery && _stampOf(id) != request.stamp",
        "request.kind == Kind.Vote && _stampOf(id) != request.stamp",
        "any act ends an inheritance (U4)",
        f"{_AUDIT}a_false_death_ends_with_a_ballot",
    ),
    _fault(
        "act-against-a-vote-in-vain",
        "request.kind != Kind.Recovery && _stampOf(id) != request.stamp",
        "request.kind == Kind.Inheritance && _stampOf(id) != request.stamp",
        "an act that is recorded ends a vote's request (U4)",
        f"{_ENDS}an_act_ends_a_votes_request_once_it_is_recorded",
    ),
    _fault(
        "thief-acts",
        "request.kind != Kind.Recovery && _stampOf(id) != request.stamp",
        "_stampOf(id) != request.stamp",
        "what guardians ask for outlives the acts of a stolen key",
        f"{_ENDS}an_act_does_not_end_what_guardians_ask_for",
        liveness=True,
    ),
    _fault(
        "veto-of-anybody",
        "} else if (msg.sender != _membership().walletOf(id)) {\n"
        "            revert SuccessionUnauthorized(msg.sender);\n        }",
        "}",
        "only the person ends what is asked for (U3)",
        f"{_ENDS}veto_reverts_when_the_caller_is_somebody_else",
    ),
    _fault(
        "veto-by-vote",
        "if (_openRequest(id).kind != Kind.Vote) revert SuccessionNoRequest(id);",
        "if (_openRequest(id).kind == Kind.None) revert SuccessionNoRequest(id);",
        "a vote ends no request of guardians or an heir",
        f"{_ENDS}a_vote_ends_a_votes_request_alone",
    ),
    _fault(
        "veto-leaves-the-plan",
        "delete planHashOf[id];\n        _end(id);\n        emit SuccessionVetoed",
        "_end(id);\n        emit SuccessionVetoed",
        "the veto ends the plan: nobody reopens it (U3)",
        f"{_AUDIT}colluding_guardians_against_an_awake_owner",
    ),
    _fault(
        "veto-leaves-the-request",
        "++_people[id].nonce;\n        delete _requests[id];",
        "++_people[id].nonce;",
        "the veto ends the request (U3)",
        f"{_ENDS}veto_ends_request_and_plan",
    ),
    _fault(
        "words-kept",
        "++_people[id].nonce;\n        _requests[id] = request;",
        "_requests[id] = request;",
        "a word is good once (U5)",
        f"{_REQUESTS}recover_opens_a_request",
    ),
    _fault(
        "words-kept-by-the-veto",
        "++_people[id].nonce;\n        delete _requests[id];",
        "delete _requests[id];",
        "a veto voids what was signed before (U5)",
        f"{_ENDS}veto_ends_request_and_plan",
    ),
    _fault(
        "plan-inherited",
        "if (request.kind == Kind.Inheritance) delete planHashOf[id];",
        "",
        "who inherits has no guardians of the dead",
        f"{_AUDIT}guardians_of_the_dead_have_no_hand_in_the_heirs_seat",
    ),
    _fault(
        "for-ever",
        "bool hasExpired = block.timestamp > request.readyAt + TERM;",
        "bool hasExpired = request.kind == Kind.None;",
        "an expired request is none (U2)",
        f"{_ENDS}finish_from_the_first_second_to_the_last",
    ),
    _fault(
        "heir-before-guardians",
        "request.kind == Kind.Recovery && open.kind == Kind.Inheritance",
        "request.kind == Kind.Inheritance && open.kind == Kind.Recovery",
        "guardians go before an heir, not the other way round",
        f"{_REQUESTS}inherit_reverts_while_guardians_ask",
    ),
    _fault(
        "second-request",
        "if (open.kind != Kind.None && !replaces) revert SuccessionOpen(id, open.readyAt + TERM);",
        "",
        "one request at a time",
        f"{_REQUESTS}a_second_request_reverts",
    ),
    _fault(
        "vote-over-a-plan",
        "if (planHashOf[id] != 0) revert SuccessionPlanned(id);",
        "",
        "a vote asks only for who has no plan (U1)",
        f"{_REQUESTS}recover_by_vote_reverts_when_there_is_a_plan",
    ),
    _fault(
        "vote-of-anybody",
        "if (msg.sender != treasury()) revert SuccessionUnauthorized(msg.sender);",
        "",
        "only a vote asks for who has no plan (A2)",
        f"{_REQUESTS}recover_by_vote_reverts_when_the_caller_is_not_the_treasury",
    ),
    _fault(
        "waiting-in-vain",
        "if (other != 0 && (other == id || !membership_.neverSpoke(other)))",
        "if (other != 0 && other == id)",
        "nobody waits for a wallet that cannot take the seat",
        f"{_AUDIT}a_seat_is_moved_onto_nobody_elses",
    ),
    _fault(
        "own-guardian-planned",
        "if (guardian <= before || guardian == id)",
        "if (guardian <= before)",
        "nobody guards their own seat (U1)",
        f"{_PLANS}set_plan_reverts_when_a_guardian_is_unordered_or_the_person",
    ),
    _fault(
        "plan-signed-in-part",
        "keccak256(abi.encodePacked(plan.others)),",
        "keccak256(abi.encodePacked(plan.members)),",
        "each field of a plan is signed (A3)",
        f"{_PLANS}set_plan_by_sig",
        liveness=True,
    ),
    _fault(
        "signed-for-ever",
        "if (block.timestamp > deadline) revert SuccessionExpired(deadline);",
        "",
        "a word is good until its deadline (U5)",
        f"{_SIGNED}a_word_is_good_in_time_and_whole",
    ),
)
