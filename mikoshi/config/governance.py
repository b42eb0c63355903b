"""The settings of the Governor in dao.toml; the limits are those that the contract enforces."""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.kinds import Label
from mikoshi.config.numbers import Duration, Number, Percent
from mikoshi.config.section import Section
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, HOUR


class GovernanceSection(Section):
    """How members decide."""

    about = Label("How members decide")

    voting_delay: Annotated[
        int,
        Duration(DAY, 14 * DAY),
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
        Duration(HOUR, 7 * DAY, HOUR),
        Label(
            "Voting goes on this long after a late ballot reached the quorum",
            N_("a last-minute ballot must leave time for an answer"),
        ),
    ] = DAY
    execution_delay: Annotated[
        int,
        Duration(DAY, 30 * DAY),
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
        Percent(100, 2_500),
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
