"""Switches of people: who they are, how they come in, what is known of them, who has power."""

from __future__ import annotations

from decimal import Decimal

from eth_utils.crypto import keccak

from mikoshi.config.kinds import Label
from mikoshi.papers.compliance.facts import ComplianceFacts
from mikoshi.papers.compliance.switch import FOR_GOOD, Switch, SwitchState, by_vote
from mikoshi.text.language import _, listed, pick

_ADMITTER = "ADMITTER"


def _members(facts: ComplianceFacts) -> SwitchState:
    count = facts.members
    if facts.block is None:
        value = pick(
            f"{count} first member{'s' if count != 1 else ''} decide from the first moment",
            f"最初のメンバー{count}人が、はじめから決定に加わる",
        )
    else:
        value = pick(f"{count} member{'s' if count != 1 else ''} now", f"いまのメンバーは{count}人")
    return SwitchState(value, True)


def _charter(facts: ComplianceFacts) -> SwitchState:
    digest, uri = facts.params["charterHash"], facts.params["charterURI"]
    if digest == keccak(b""):
        return SwitchState(_("joining accepts no text"), True)
    file = facts.config.charter.file if facts.block is None else ""
    where = file or uri or f"0x{digest.hex()[:8]}…"
    return SwitchState(_("joining accepts {where}", where=where), True)


def _paid(facts: ComplianceFacts) -> SwitchState:
    holders = facts.roles.get(_ADMITTER, ())
    if not holders:
        return SwitchState(
            _("not applicable: Admission, MembershipAuction (nothing here sells tickets)"),
            None,
        )
    who = listed(facts.who(holder) for holder in holders)
    return SwitchState(
        _("{who} can admit members, perhaps for money", who=who),
        True,
    )


def _names(facts: ComplianceFacts) -> SwitchState:
    named = sum(bool(person.name) for person in facts.config.members)
    if not named:
        return SwitchState(
            _("no names on this computer; wallets, votes and merit are public for good"),
            False,
        )
    return SwitchState(
        pick(
            f"{named} name{'s' if named > 1 else ''} beside wallets on this computer; wallets,"
            " votes and merit are public for good",
            f"このパソコンに{named}人の名前とウォレットの対応がある。ウォレット・投票・貢献点は"
            "ずっと公開される",
        ),
        True,
    )


def _guardian(facts: ComplianceFacts) -> SwitchState:
    holder = facts.holder("guardian")
    if not holder:
        return SwitchState(_("nobody"), False)
    return SwitchState(_("{holder}: may cancel what passed", holder=holder), True)


def _steward(facts: ComplianceFacts) -> SwitchState:
    holder, cap = facts.holder("steward"), facts.params["membership"]["stewardCap"]
    if not holder or not cap:
        return SwitchState(_("nobody"), False)
    return SwitchState(
        _("{holder}: may admit {cap:,} people in 30 days", holder=holder, cap=cap),
        True,
    )


def _weight(facts: ComplianceFacts) -> SwitchState:
    k = facts.params["voice"]["k"]
    if not k:
        return SwitchState(_("one member, one vote"), False)
    factor = f"{(Decimal(k) / 10**18).normalize():f}"
    return SwitchState(_("contribution adds voice (k = {factor})", factor=factor), True)


def _roles(facts: ComplianceFacts) -> SwitchState:
    others = {role: who for role, who in facts.roles.items() if role != _ADMITTER}
    if not others:
        return SwitchState(_("nobody but the votes"), False)
    shown = [f"{role}: {listed(map(facts.who, who))}" for role, who in others.items()]
    return SwitchState("; ".join(shown), True)


PEOPLE = (
    Switch(
        "members",
        "members",
        Label("Being a member", "メンバーであること"),
        Label(
            "A group without a legal form may be a partnership whose members are liable with what"
            " they own. Each must know that, and have agreed to be listed.",
            "法人でない集まりは、民法上の組合や権利能力なき社団とみなされ、メンバーが責任を負うことが"
            "あります(日本には合同会社型DAOの制度もあります)。本人の了解も必要です。",
        ),
        Label(
            "Ask counsel for a legal form before money comes in; no setting can give one",
            "資金が入る前に、法的な形を相談してください(設定では決まりません)",
        ),
        _members,
    ),
    Switch(
        "charter",
        "charter",
        Label("What joining accepts", "入会の同意"),
        Label(
            "The charter is a contract with everyone who joins: terms of use, consumer law,"
            " minors, and who answers for what.",
            "憲章は入会する人との約束です。利用規約として、消費者契約法、未成年者の契約、"
            "責任の範囲が問題になることがあります。",
        ),
        by_vote("set charter"),
        _charter,
    ),
    Switch(
        "paid-admission",
        "",
        Label("Paying to become a member", "有償の入会"),
        Label(
            "Selling membership is a sale to consumers (refunds, distance selling), and with a"
            " share in profits it may be an offer of securities.",
            "会員権の販売には特定商取引法や消費者契約法がかかり、利益の分配を伴うと"
            "金融商品取引法の募集にあたることがあります。",
        ),
        Label(
            "Only a vote gives the role ADMITTER, or takes it back (grant role, revoke role)",
            "権限 ADMITTER は投票でだけ与え、取り上げられます(grant role、revoke role)",
        ),
        _paid,
    ),
    Switch(
        "personal-data",
        "members.file",
        Label("Personal data", "個人情報"),
        Label(
            "A wallet beside a name is personal data, and what is on a chain cannot be erased:"
            " purpose, consent, safe keeping, requests to delete.",
            "名前と結びついたウォレットは個人情報です。チェーンの記録は消せません。個人情報保護法や"
            "GDPR の利用目的・同意・安全管理・削除請求への備えが必要です。",
        ),
        Label(
            "Keep CSV files with names out of public folders; names never go on the chain",
            "名前のあるCSVは公開しないでください(名前はチェーンに載りません)",
        ),
        _names,
    ),
    Switch(
        "guardian",
        "guardian.wallet",
        Label("The guardian", "ガーディアン"),
        Label(
            "Whoever can stop decisions may count as a manager who answers for what happens, and"
            " as a sign that one party is in control.",
            "決定を止められる人は、業務執行者や実質的な管理者とみなされ、責任を問われることがあります。",
        ),
        by_vote("set guardian"),
        _guardian,
    ),
    Switch(
        "steward",
        "steward.wallet",
        Label("The steward", "スチュワード"),
        Label(
            "Whoever admits people decides whom to check: identity, age, sanctions, organised"
            " crime; and may count as the operator.",
            "人を迎える人は、本人確認・年齢・制裁対象・反社会的勢力の確認を誰にどこまでするかを"
            "決める立場にあり、運営者とみなされることがあります。",
        ),
        Label(
            "In the configuration before the deployment; afterwards the office ends by itself",
            "デプロイ前に設定ファイルで。あとからは任期が自然に終わります",
        ),
        _steward,
    ),
    Switch(
        "weight",
        "voice.k",
        Label("Votes by contribution", "貢献による票の重み"),
        Label(
            "Laws on associations and companies may ask for one vote a head or a share; voice for"
            " work may also be seen as a return for it.",
            "団体や会社の法律が、1人1票や出資に応じた議決権を求めることがあります。"
            "仕事で増える票が、対価とみなされることもあります。",
        ),
        FOR_GOOD,
        _weight,
    ),
    Switch(
        "roles",
        "",
        Label("Powers beside the votes", "投票以外の権限"),
        Label(
            "Whoever can mint, credit or move for others may be an operator or a custodian.",
            "ほかの人のために発行・付与・移動ができる人は、運営者や管理者(カストディ)と"
            "みなされることがあります。",
        ),
        Label(
            "Only a vote gives a role, or takes it back (grant role, revoke role)",
            "権限は投票でだけ与え、取り上げられます(grant role、revoke role)",
        ),
        _roles,
    ),
)
