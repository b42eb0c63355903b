"""The questions, in their order."""

from __future__ import annotations

from pathlib import Path

from mikoshi.config.kinds import Label
from mikoshi.config.templates.naming import slug_of
from mikoshi.config.templates.template import NAMES
from mikoshi.init.founders import SAMPLE
from mikoshi.init.question import Question, on_setting, plain, setting
from mikoshi.init.reading import (
    CHAINS,
    KINDS,
    default_pace,
    default_symbol,
    default_tickets,
    means_founders,
    means_quorum,
    means_steward,
    means_voting,
    nobody,
    read_chain,
    read_founders,
    read_guardian,
    read_kind,
    read_pace,
    read_steward,
    read_tickets,
)
from mikoshi.text.language import pick

_NO_NAME = Path("dao.toml")  # a file whose name says nothing about the community

QUESTIONS = (
    on_setting(
        "name",
        "dao.name",
        Label("What is your community called?", "コミュニティの名前は何ですか?"),
        plain("It stands on every ticket, for good.", "会員証に載り、あとから変えられません。"),
        lambda _: "",
    ),
    Question(
        "kind",
        Label("What kind of community is it?", "どんなコミュニティですか?"),
        plain(
            "The answer fills in all that is not asked here; you can read and change it in the"
            " file.",
            "ここで聞かない設定は、これに合わせて決まります。あとでファイルで読んで直せます。",
        ),
        read_kind,
        lambda _: NAMES[0],
        options=KINDS,
    ),
    on_setting(
        "slug",
        "dao.slug",
        Label("Has it a short name in small letters?", "英小文字の短い名前はありますか?"),
        plain(
            "It names files.",
            "ファイル名に使います。",
        ),
        lambda _: "",
        lambda known: not slug_of(known.values["name"], known.output),
    ),
    on_setting(
        "symbol",
        "dao.symbol",
        Label("Which symbol shall the tickets have?", "会員証の記号は何にしますか?"),
        plain(
            "A few letters that wallets show beside a ticket, for good.",
            "ウォレットで会員証に付く短い記号です。あとから変えられません。",
        ),
        default_symbol,
        lambda known: not slug_of(known.values["name"], _NO_NAME),
    ),
    Question(
        "chain",
        Label("Where shall it live?", "どこに置きますか?"),
        plain(
            "Try it out on this computer first: nothing costs anything there. Another network is"
            " named by its number.",
            "まずはこのパソコンで試してください。費用はかかりません。ほかのネットワークは番号で答えます。",
        ),
        read_chain,
        lambda _: "local",
        options=CHAINS,
    ),
    Question(
        "members",
        Label("Who are the first members?", "最初のメンバーは誰ですか?"),
        means_founders,
        read_founders,
        lambda known: pick(*SAMPLE) if known.local else "",
        lines=True,
    ),
    Question(
        "tickets",
        Label("May members sell their tickets?", "会員証を売ってもよいですか?"),
        plain(
            "A ticket is a seat. If it cannot be sold, nobody can buy their way in. For good.",
            "会員証は席です。売れなければ、お金で席を買うことはできません。あとから変えられません。",
        ),
        read_tickets,
        default_tickets,
    ),
    on_setting(
        "weight",
        "voice.k",
        Label(
            "How much more is somebody heard who contributes?",
            "貢献した人の声は、どれだけ大きくなりますか?",
        ),
        plain(
            "0: one member, one vote. 0.1: 100 points of merit double a voice. For good.",
            "0 なら1人1票。0.1 なら貢献点100で声が2倍になります。あとから変えられません。",
        ),
    ),
    on_setting(
        "memory",
        "voice.half_life",
        Label(
            "After how long shall a contribution count half?",
            "貢献は、どれだけ経つと半分に薄れますか?",
        ),
        plain(
            "Merit fades, so that those who are active now are heard. For good.",
            "いま活動している人の声が届くように、貢献点は薄れます。あとから変えられません。",
        ),
        applies=lambda known: setting("voice.k").kind.read(known.values["weight"]) > 0,
    ),
    on_setting(
        "quorum",
        "governance.quorum",
        Label("How many must take part in a vote?", "投票には、どれだけの人の参加が必要ですか?"),
        means_quorum,
    ),
    on_setting(
        "voting",
        "governance.voting_period",
        Label("How long shall a vote be open?", "投票の期間はどれだけですか?"),
        means_voting,
    ),
    Question(
        "guardian",
        Label("Who may stop a decision that went wrong?", "誤った決定を止められるのは誰ですか?"),
        plain(
            "A guardian can cancel what passed before it is done, and nothing else, for a year at"
            " most. A member's name, a wallet, or nobody.",
            "ガーディアンは、可決から実行までのあいだに取り消すことだけができます(最長1年)。"
            "メンバーの名前、ウォレット、または「なし」で答えます。",
        ),
        read_guardian,
        nobody,
    ),
    Question(
        "steward",
        Label("Who may admit members at first?", "はじめのうち、人を迎えられるのは誰ですか?"),
        means_steward,
        read_steward,
        nobody,
    ),
    Question(
        "pace",
        Label(
            "How many may the steward admit in 30 days?",
            "スチュワードは、30日に何人まで迎えられますか?",
        ),
        plain(
            "With more of them than you are now, the steward could fill the room.",
            "いまの人数より多いと、スチュワードの迎えた人だけで会が決まってしまいます。",
        ),
        read_pace,
        default_pace,
        lambda known: bool(known.values["steward"]),
    ),
)
"""What is asked, in this order."""
