"""How the DAO decides, who has an office, and when alarms ring, in dao.toml.

The limits are those that the contracts enforce; alarms are no part of what is on the chain.
"""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.kinds import Label, Section
from mikoshi.config.numbers import Duration, Number, Percent
from mikoshi.config.words import Pauses, Wallet, Wallets
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, HOUR, YEAR


class GovernanceSection(Section):
    """How members decide."""

    about = Label("How members decide")

    voting_delay: Annotated[
        int,
        Duration(DAY, 7 * DAY),
        Label(
            "From a proposal to the start of voting",
            N_("everyone needs time to notice a proposal, and nobody can wait for ever"),
        ),
    ] = 2 * DAY
    voting_period: Annotated[
        int,
        Duration(2 * DAY, 14 * DAY),
        Label("How long voting lasts", N_("people vote beside their work and life")),
    ] = 5 * DAY
    late_extension: Annotated[
        int,
        Duration(HOUR, 2 * DAY, HOUR),
        Label(
            "Voting goes on this long after late ballots turned the outcome, 7 days at most in all",
            N_("a last-minute turn must leave time for an answer"),
        ),
    ] = DAY
    execution_delay: Annotated[
        int,
        Duration(DAY, 14 * DAY),
        Label(
            "From the end of voting to execution",
            N_("members and guardian need time to react to what was decided"),
        ),
    ] = 2 * DAY
    expiry: Annotated[
        int,
        Duration(7 * DAY, 90 * DAY),
        Label(
            "How long a decision can be executed",
            N_("a decision of long ago must not surprise anyone"),
        ),
    ] = 14 * DAY
    quorum: Annotated[
        int,
        Percent(500, 6_000),
        Label(
            "Share of awake members that must take part",
            N_("below it a handful decides for all, above it nothing is ever decided"),
        ),
    ] = 3_000
    floor: Annotated[
        int,
        Percent(100, 1_000),
        Label(
            "Share of all members, dormant ones too, that must take part",
            N_("it protects those who sleep, and must stay reachable for those who do not"),
        ),
    ] = 500
    voice_cap: Annotated[
        int,
        Percent(100, 5_000),
        Label(
            "Largest weight of one ballot, as a share of the awake voice",
            N_("nobody decides alone; it is never less than the base voice, which everyone keeps"),
        ),
    ] = 1_000
    threshold: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Voice needed to propose, as a share of the base voice",
            N_("every member must be able to propose"),
        ),
    ] = 10_000
    live_proposals: Annotated[
        int,
        Number(1, 10),
        Label(
            "Proposals of one member that may be open at once",
            N_("nobody may flood the others with proposals"),
        ),
    ] = 3


class GuardianSection(Section):
    """May only cancel what was decided, between the vote and its execution."""

    about = Label("May only cancel what was decided, between the vote and its execution")

    wallet: Annotated[str, Wallet(), Label("Who may cancel a passed proposal")]
    term: Annotated[
        int,
        Duration(DAY, YEAR),
        Label("How long from the creation; a vote may renew it", N_("a veto must end by itself")),
    ] = YEAR


class StewardSection(Section):
    """May only admit members while the community is young."""

    about = Label("May only admit members while the community is young")

    wallet: Annotated[str, Wallet(), Label("Who may admit members")]
    term: Annotated[
        int,
        Duration(DAY, YEAR),
        Label(
            "How long from the creation; nothing renews it",
            N_("the founding phase must end by itself"),
        ),
    ] = 180 * DAY
    members_per_epoch: Annotated[
        int,
        Number(0, 10_000),
        Label(
            "Members the steward may admit in 30 days",
            N_("one person must not be able to fill the room"),
        ),
    ] = 100


class AlarmsSection(Section):
    """When `ape run report` rings an alarm."""

    about = Label("When `ape run report` rings an alarm; change it whenever you like")

    window: Annotated[
        int,
        Duration(14 * DAY, 180 * DAY),
        Label(
            'How far back "lately" goes',
            N_("who does nothing by their own hand for so long counts as silent"),
        ),
    ] = 30 * DAY
    pause: Annotated[
        tuple[tuple[int, int], ...],
        Pauses(),
        Label(
            'When nobody is expected to act, such as "2026-12-20 … 2027-01-31"',
            N_("a rest that is known is no silence"),
        ),
    ] = ()
    coins: Annotated[
        tuple[str, ...],
        Wallets(),
        Label(
            "Coins that count for the runway, by address, beside those that proposals have paid",
            N_("anybody can send a coin, and make it shrink"),
        ),
    ] = ()
    dying: Annotated[
        int,
        Number(1, 3),
        Label(
            "Signs that together mean a dying community: staying, participation, quiet_proposals",
            N_("one bad figure is bad luck, several are a pattern"),
        ),
    ] = 2
    core: Annotated[
        int,
        Percent(0, 10_000),
        Label(
            "Fewest people who vote or propose, measured by how many usually do",
            N_("many members may read or lend their voice; what counts is that some go on"),
        ),
    ] = 6_000
    staying: Annotated[
        int,
        Percent(0, 10_000),
        Label("Fewest newcomers of the last 9 months, after their first 90 days, who act lately"),
    ] = 3_000
    participation: Annotated[
        int,
        Percent(0, 10_000),
        Label("Fewest members who act lately, by their own hand"),
    ] = 4_500
    quiet_proposals: Annotated[
        int,
        Duration(DAY, 2 * YEAR),
        Label("Longest time without a proposal"),
    ] = 60 * DAY
    newcomers: Annotated[
        int,
        Number(1, 1_000),
        Label(
            "Fewest newcomers to judge by; with fewer the report says: too few data",
            N_("one person more or less must not make an alarm"),
        ),
    ] = 4
    retention_30: Annotated[
        int,
        Percent(0, 10_000),
        Label("Fewest newcomers who act again in the second month after they came"),
    ] = 4_000
    retention_90: Annotated[
        int,
        Percent(0, 10_000),
        Label("Fewest newcomers who act again in the fourth month after they came"),
    ] = 3_000
    first_act: Annotated[
        int,
        Duration(DAY, YEAR),
        Label("Longest time in which half of the newcomers find their first act"),
    ] = 30 * DAY
    turnout_fall: Annotated[
        int,
        Percent(500, 10_000),
        Label("Largest fall of the turnout from one 90 days to the next"),
    ] = 5_000
    quorum_margin: Annotated[
        int,
        Percent(10_000, 50_000),
        Label(
            "Fewest people who still act, measured by those that a quorum needs",
            N_("below 100 % nothing can be decided any more"),
        ),
    ] = 12_000
    busiest: Annotated[
        int,
        Percent(0, 10_000),
        Label("Largest share of all acts that one person does"),
    ] = 4_000
    bus_factor: Annotated[
        int,
        Number(1, 1_000),
        Label("Fewest people who together do more than half of the acts"),
    ] = 2
    quiet_rewards: Annotated[
        int,
        Duration(DAY, 2 * YEAR),
        Label("Longest time without a reward"),
    ] = 60 * DAY
    runway: Annotated[
        int,
        Duration(0, 5 * YEAR),
        Label("Shortest time that the treasury's money lasts at the present pace"),
    ] = 180 * DAY
