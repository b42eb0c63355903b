"""The two offices in dao.toml. Both end by themselves."""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.kinds import Label
from mikoshi.config.numbers import Duration, Number
from mikoshi.config.section import Section
from mikoshi.config.words import Wallet
from mikoshi.text.language import N_
from mikoshi.text.units import DAY, YEAR


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
