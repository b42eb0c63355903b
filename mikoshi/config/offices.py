"""The two offices in dao.toml. Both end by themselves."""

from __future__ import annotations

from typing import Annotated

from mikoshi.config.kinds import Label
from mikoshi.config.numbers import Duration, Number
from mikoshi.config.section import Section
from mikoshi.config.words import Wallet
from mikoshi.text.units import DAY, YEAR


class GuardianSection(Section):
    """May only cancel what was decided, between the vote and its execution."""

    about = Label(
        "May only cancel what was decided, between the vote and its execution",
        "ガーディアン: 可決から実行までのあいだに、取り消しだけができます",
    )

    wallet: Annotated[
        str, Wallet(), Label("Who may cancel a passed proposal", "可決された提案を取り消せる人")
    ]
    term: Annotated[
        int,
        Duration(DAY, YEAR),
        Label(
            "How long from the creation; a vote may renew it",
            "任期(作成時から。投票で延長できます)",
            "a veto must end by itself",
            "拒否権は自然に終わらなければなりません",
        ),
    ] = YEAR


class StewardSection(Section):
    """May only admit members while the community is young."""

    about = Label(
        "May only admit members while the community is young",
        "スチュワード: 立ち上げ期に、入会だけを受け付けます",
    )

    wallet: Annotated[str, Wallet(), Label("Who may admit members", "入会を受け付ける人")]
    term: Annotated[
        int,
        Duration(DAY, YEAR),
        Label(
            "How long from the creation; nothing renews it",
            "任期(作成時から。延長できません)",
            "the founding phase must end by itself",
            "立ち上げ期は自然に終わらなければなりません",
        ),
    ] = 180 * DAY
    members_per_epoch: Annotated[
        int,
        Number(0, 10_000),
        Label(
            "Members the steward may admit in 30 days",
            "30日間に迎えられる人数",
            "one person must not be able to fill the room",
            "1人で会を満員にできてはなりません",
        ),
    ] = 100
