"""How single answers are read, what they mean, and what is recommended."""

from __future__ import annotations

from mikoshi.config.danger import people_needed
from mikoshi.config.kinds import Label, ValueProblemError
from mikoshi.config.sections import MAX_FIRST_MEMBERS, SOULBOUND, TRANSFERABLE
from mikoshi.config.templates.naming import slug_of, symbol_of
from mikoshi.config.templates.template import NAMES, Template
from mikoshi.init.founders import Founders, parse_founders, parse_holder
from mikoshi.init.question import Known, of_template, one_of, setting, yes_or_no
from mikoshi.text.language import N_, _, ngettext, typed
from mikoshi.text.people import on_chain
from mikoshi.text.units import normalize

KINDS = {name: Template.load(name).heading[0] for name in NAMES}
CHAINS = {
    "local": Label("this computer, to try things out"),
    "sepolia": Label("Sepolia, a public test network with play money"),
}
_CHAIN_IDS = {"local": 31_337, "sepolia": 11_155_111}


def read_kind(text: str, __: Known) -> str:
    """The template that a letter or a name stands for. Raises ValueProblemError."""
    chosen = one_of(KINDS, text)
    if chosen is None:
        raise ValueProblemError(
            "answer.not-in-the-list", N_("must be a letter of the list, got {got}"), got=text
        )
    return chosen


def read_chain(text: str, _: Known) -> int:
    """The id of the chain that a letter, a name or a number stands for.

    Raises ValueProblemError.
    """
    chosen = one_of(CHAINS, text)
    if chosen is not None:
        return _CHAIN_IDS[chosen]
    digits = normalize(text)
    number = int(digits) if digits.isascii() and digits.isdigit() else text
    chain_id: int = setting("dao.chain_id").kind.read(number)
    return chain_id


def read_founders(text: str, known: Known) -> Founders:
    """The first members. Raises ValueProblemError and BadInputError."""
    with on_chain(known.values.get("chain")):
        return parse_founders(text, known.local)


def means_founders(known: Known) -> str:
    """What the first members are, and how they are typed."""
    words = _(
        "They decide about everything from the first minute on. Type `name 0x…`, one "
        "person a line, and an empty line at the end; or the name of a CSV file with "
        "wallet,name. Names stay on this computer."
    )
    if not known.local:
        return words
    return words + _(" To try things out, `sample` stands for five made-up people.")


def default_symbol(known: Known) -> str:
    """From the short name."""
    slug: str = known.values.get("slug") or slug_of(known.values["name"], known.output)
    return symbol_of(slug)


def read_tickets(text: str, _: Known) -> str:
    """The ticket policy that yes or no stands for. Raises ValueProblemError."""
    return TRANSFERABLE if yes_or_no(text) else SOULBOUND


def default_tickets(known: Known) -> str:
    """As the template has it."""
    sold = of_template("dao.tickets")(known) == TRANSFERABLE
    return _("yes") if sold else _("no")


def means_quorum(known: Known) -> str:
    """Who is counted, with an example for these first members."""
    count = len(known.founders.people)
    bps: int = setting("governance.quorum").kind.read(of_template("governance.quorum")(known))
    people, share = people_needed(count, count, bps, 0), of_template("governance.quorum")(known)
    return ngettext(
        "Counted are those who are awake; whoever has been silent for long is not. {share} of"
        " {count} is {people} person.",
        "Counted are those who are awake; whoever has been silent for long is not. {share} of"
        " {count} are {people} people.",
        people,
        share=share,
        count=count,
        people=people,
    )


def means_voting(known: Known) -> str:
    """What comes before and after the vote."""
    before = of_template("governance.voting_delay")(known)
    after = of_template("governance.execution_delay")(known)
    return _(
        "Before it are {before} to read the proposal, and after it {after} until it is done.",
        before=before,
        after=after,
    )


def read_guardian(text: str, known: Known) -> str:
    """The guardian's wallet; empty for nobody. Raises ValueProblemError."""
    with on_chain(known.values.get("chain")):
        return parse_holder(text, known.founders, known.local)


def read_steward(text: str, known: Known) -> str:
    """The steward's wallet; empty for nobody, where all members fit into the creation.

    Raises ValueProblemError.
    """
    with on_chain(known.values.get("chain")):
        wallet = parse_holder(text, known.founders, known.local)
    count = len(known.founders.people)
    rest = count - MAX_FIRST_MEMBERS
    if rest > 0 and not wallet:
        raise ValueProblemError(
            "steward.needed",
            N_(
                "must name somebody: a creation takes {most} people, and only a "
                "steward can admit the other {rest}"
            ),
            most=MAX_FIRST_MEMBERS,
            rest=rest,
        )
    return wallet


def means_steward(known: Known) -> str:
    """What a steward may do, and for how long."""
    term = of_template("steward.term")(known)
    return _(
        "A steward admits people without a vote, for {term} and no longer; choose "
        "them like a co-founder. With nobody, each admission is voted. A member's "
        "name or a wallet.",
        term=term,
    )


def read_pace(text: str, __: Known) -> str:
    """Members a steward may admit in 30 days, at least one. Raises ValueProblemError."""
    kind = setting("steward.members_per_epoch").kind
    plain = normalize(text)
    for word in typed(N_("people person")):
        plain = plain.removesuffix(word).rstrip()
    number = kind.read(plain)
    if not number:
        raise ValueProblemError("pace.zero", N_("must be at least 1: the office would be empty"))
    return kind.show(number)


def default_pace(known: Known) -> str:
    """As the template says, but no more than there are first members."""
    kind = setting("steward.members_per_epoch").kind
    usual: int = kind.read(of_template("steward.members_per_epoch")(known))
    return kind.show(min(usual, len(known.founders.people)))


def nobody(__: Known) -> str:
    """The word for nobody."""
    return _("nobody")
