"""The thresholds of the report's alarms in dao.toml. They are no part of what is on the chain."""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.kinds import Label
from mikoshi.config.numbers import Duration, Number, Percent
from mikoshi.config.section import Section
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, YEAR


class AlarmsSection(Section):
    """When `ape run report` rings an alarm."""

    about = Label("When `ape run report` rings an alarm; change it whenever you like")

    dying: Annotated[
        int,
        Number(1, 3),
        Label(
            "Signs that together mean a dying community: staying, participation, quiet_proposals",
            N_("one bad figure is bad luck, several are a pattern"),
        ),
    ] = 2
    staying: Annotated[
        int,
        Percent(0, 10_000),
        Label("Fewest newcomers of more than 90 days who still act within 30 days"),
    ] = 3_000
    participation: Annotated[
        int,
        Percent(0, 10_000),
        Label("Fewest members who act within 30 days"),
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
