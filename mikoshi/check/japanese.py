"""The Japanese of what a check compares: its English is the key, as in a catalogue of messages."""

from __future__ import annotations

import re

_WORDS = {
    # wiring
    "deployment record": "デプロイの記録",
    "logs": "ログ",
    "governor": "ガバナー",
    "treasury": "トレジャリー",
    "membership": "メンバーシップ",
    "token": "トークン",
    "voices": "声の元",
    "register of DAOs": "DAOの登録",
    "implementations": "実装",
    "hash of its parameters": "設定のハッシュ",
    "announced parameters' hash": "告知された設定のハッシュ",
    "block of creation": "作成のブロック",
    # people
    "settings": "設定",
    "charter hash": "憲章のハッシュ",
    "awake, counted, last id": "起きている人数、数える人数、最後の番号",
    "voice of all": "全員の声",
    "merit credited and people admitted by the steward in this epoch": (
        "この30日に与えた貢献点と、スチュワードが迎えた人数"
    ),
    "wallet": "ウォレット",
    "id by wallet": "ウォレットからの番号",
    "standing": "状態",
    "time of joining": "入会の時刻",
    "day of the last recorded act": "最後に記録された活動の日",
    "tickets": "会員証の数",
    "ticket": "会員証",
    "ticket's approval": "会員証の移転の承認",
    "delegate": "委任先",
    "voice": "声",
    "stored merit": "貢献点の記録",
    "epoch and amount of the latest merit": "最後の貢献点の期と量",
    "live proposals": "進行中の提案の数",
    # token and treasury
    "supply": "発行量",
    "what may still be minted in this epoch": "この30日に発行できる残り",
    "balance": "残高",
    "guardian's office": "ガーディアンの任期",
    "steward's office": "スチュワードの任期",
    # proposals
    "version of the settings": "設定の版",
    "state": "段階",
    "proposer": "提案者",
    "snapshot": "基準時",
    "deadline": "締切",
    "eta": "実行できる時刻",
    "expiry": "期限",
    "advisory kind": "意見を聞く提案かどうか",
    "votes against, for, abstain": "反対・賛成・棄権の票",
    "turnout": "参加人数",
    "people needed": "必要な人数",
    "awake and counted at the snapshot": "基準時に起きている人数と数える人数",
    "events that are not the core's": "知らないイベント",
    # values
    "nothing": "なし",
    "none": "なし",
    "nobody": "なし",
    "nothing odd": "異常なし",
    "this": "これ",
}

_PATTERNS = (
    (r"wallet of (#\d+), a ticket's number", "会員証の番号 {0} のウォレット"),
    (r"role (\w+) of (\w+)", "{1} の権限 {0}"),
    (r"admin of role (\w+)", "権限 {0} の管理者"),
    (r"what may still be minted for kind (\d+)", "種類 {0} で発行できる残り"),
    (r"whether (#\d+) has voted on (\S+)", "提案 {1} に {0} が投票したか"),
    (
        r"people (#\d+) spoke for at the snapshot of proposal (\S+)",
        "提案 {1} で {0} が代表した人数",
    ),
    (r"(\w+) in block (\d+) makes no sense", "ブロック {1} の {0} は意味をなさない"),
    (r"proposal (\d+) was made by no member: (\w+)", "提案 {0} の提案者 {1} はメンバーでない"),
    (r"a ballot of (\w+) on (\d+) should not exist", "提案 {1} への {0} の票はあるはずがない"),
    (
        r"the ballot of (#\d+) on (\d+) weighs (\d+), rebuilt (\d+)",
        "提案 {1} への {0} の票の重さは {2}(再構築では {3})",
    ),
    (r"address of the (\w+)", "{0} のアドレス"),
    (r"(\d+), with (.+) and (\d+) more", "{0}件({1} ほか{2}件を含む)"),
    (r"(\d+), with (.+)", "{0}件({1} を含む)"),
    (r"(.+) of proposal (\S+)", "提案 {1} の{0}"),
    (r"(.+) of (#\d+|0x\w+)", "{1} の{0}"),
)


def in_japanese(text: str) -> str:
    """The Japanese of a text; itself where there is none, as for numbers and names."""
    if text in _WORDS:
        return _WORDS[text]
    for pattern, japanese in _PATTERNS:
        match = re.fullmatch(pattern, text)
        if match:
            return japanese.format(*(_WORDS.get(part, part) for part in match.groups()))
    return text
