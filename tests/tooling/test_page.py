"""The page in a phone's browser: what it shows, what it signs, and what it refuses."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from eth_abi.abi import decode, encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils.abi import abi_to_signature
from eth_utils.crypto import keccak

from mikoshi.ballots.proposal import ProposalDraft
from mikoshi.ballots.words import describe
from mikoshi.chain.node import Node
from mikoshi.core import artifacts
from mikoshi.page.build import PAGE, page_of, proposal_link
from mikoshi.testing.community import ABSTAIN, AGAINST, FOR, person
from mikoshi.text.json import Json
from mikoshi.text.language import speaking
from mikoshi.text.paths import ROOT
from mikoshi.text.people import quoted
from mikoshi.voting.signed_file import open_files
from mikoshi.words.refusals import find_vote
from tests.audit.test_scripts_words import coin_code
from tests.support import failed, refuses
from tests.tooling.browser import Phone, served
from tests.tooling.door import BYTES, CHARTER, SECONDS, opened, play
from tests.tooling.governed import Governed
from tests.tooling.joining import door_of, succession_of
from tests.tooling.live import ETHER, NODE
from tests.tooling.proxy import Call, FaultyRpc

if TYPE_CHECKING:
    from eth_typing import ABIError, ABIFunction

pytestmark = pytest.mark.slow

ELSEWHERE = "https://elsewhere.example"


@pytest.fixture(scope="module")
def browser() -> Iterator[Phone]:
    with Phone() as phone:
        yield phone


@dataclass
class Visit:
    """Somebody with a new phone at a DAO's page; `node` is what the page asks."""

    phone: Phone
    governed: Governed
    node: FaultyRpc
    url: str

    def link(self, proposal: int, **other: Any) -> str:
        governor = other.get("governor", self.governed.dao.governor.address)
        chain_id = other.get("chain_id", self.governed.rpc.chain_id())
        return proposal_link(self.url, chain_id, governor, proposal)

    def open(self, proposal: int, **other: Any) -> None:
        self.phone("open", url=self.link(proposal, **other))

    def join(self) -> str:
        """Makes a passkey, and is admitted; the wallet."""
        self.phone("open", url=f"{self.url}#me")
        self.phone("tap", name="Make a passkey")
        address: str = self.phone("text", selector="output")
        membership, treasury = self.governed.dao.membership, self.governed.dao.treasury_address
        membership.send("admit", address, CHARTER, sender=treasury)
        return address

    def relay(self, line: str) -> dict[str, Any]:
        """A chat with the line, relayed; the ballot's event."""
        chat = self.governed.folder / "chat.txt"
        chat.write_text(line, "utf-8")
        told = self.governed.told("relay", str(chat), account="p1", yes=True)
        made = self.governed.rpc.call("eth_getTransactionReceipt", told["files"][0]["transaction"])
        (cast,) = self.governed.dao.governor.events(made["logs"])
        return dict(cast.args)

    def vote_of(self, proposal: int, wallet: str) -> int | None:
        vote = find_vote(self.governed.rpc, self.governed.dao.governor, proposal, wallet)
        return vote.support if vote else None


@pytest.fixture
def visit(browser: Phone, governed: Governed) -> Iterator[Visit]:
    """With an English phone; nothing fails unnoticed, and nobody but the page's server is asked."""
    settings = {"rpc": "/rpc", "treasury": governed.dao.treasury_address, "dao": "PM DAO"}
    with FaultyRpc(governed.rpc.url) as node, served(page_of(settings), node.url) as url:
        browser("phone", locale="en-GB")
        yield Visit(browser, governed, node, url)
        so_far = browser("so_far")
        assert so_far["errors"] == []
        assert set(so_far["asked"]) <= {url.rstrip("/")}


# The file


def test_page_is_small() -> None:
    assert len(gzip.compress(PAGE.read_bytes(), 9)) <= BYTES


def test_page_brings_all_that_it_needs() -> None:
    html = PAGE.read_text("utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?!data:)", html) == []
    assert "@import" not in html
    assert re.findall(r"url\((?!data:)", html) == []


def test_policy_lets_nothing_in() -> None:
    html = PAGE.read_text("utf-8")
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert found is not None
    assert found.start() < html.index("<script")
    rules = {name: words for name, *words in map(str.split, found[1].split("; "))}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    for name in ("script-src", "style-src"):
        assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", each) for each in rules[name])
    assert len(rules["script-src"]) == len(re.findall('<script type="module">', html)) == 1


def test_functions_that_the_page_knows_are_those_of_the_contracts() -> None:
    source = (ROOT / "web" / "src" / "abi.ts").read_text("utf-8")
    parts = ["Treasury", "Membership", "DAOGovernor", "ContributionToken"]
    ours = {
        abi_to_signature(cast("ABIFunction | ABIError", item))
        for each in [*parts, "Invitations", "Succession"]
        for item in artifacts.project()[each].abi
        if item["type"] in ("function", "error")
    }
    for block in source.split("parseAbi(")[1:]:
        structs: dict[str, str] = {}
        for kind, name, inputs in re.findall(
            r'"(struct|function|error) (\w+) ?[({]([^)}]*)[)}]', block
        ):
            types = []
            for field in filter(None, re.split("[,;] *", inputs.strip())):
                plain, _, array = field.split()[0].partition("[")
                types.append(structs.get(plain, plain) + ("[" + array if array else ""))
            whole = f"({','.join(types)})"
            if kind == "struct":
                structs[name] = whole
            else:
                assert name + whole in ours, name


# The commands


def test_page_is_built_for_a_dao(governed: Governed) -> None:
    file = governed.folder / "index.html"
    node = "https://rpc.example.org:8443/v1?key=a"
    told = governed.told("page build", rpc=node, output=file)
    treasury = governed.dao.treasury_address
    assert told == {"file": str(file), "rpc": node, "treasury": treasury, "dao": "PM DAO"}
    html = file.read_text("utf-8")
    assert "connect-src https://rpc.example.org:8443;" in html
    assert f'"treasury": "{treasury}"' in html


@pytest.fixture
def changing(governed: Governed) -> Iterator[Governed]:
    """Whose record and dao.toml are as before afterwards."""
    files = {each: each.read_text() for each in (governed.place.toml, governed.place.journal.path)}
    yield governed
    for path, text in files.items():
        path.write_text(text)


def test_page_knows_what_the_record_has(changing: Governed) -> None:
    """Invitations and guardians that a vote gave their role, the charter's text, and who relays."""
    governed = changing
    door, seats = door_of(governed), succession_of(governed)
    record = governed.place.journal.path
    roles = [("ADMITTER", door.contract), ("SUCCESSION", seats.contract)]
    roles.append(("ADMITTER", governed.dao.membership))  # which is no door
    given = [{"role": f"0x{keccak(text=name).hex()}", "holder": to.address} for name, to in roles]
    record.write_text(json.dumps(json.loads(record.read_text()) | {"roles": given}))
    text = "# Charter </script> \u201c"
    governed.place.toml.with_name("charter.md").write_text(text, "utf-8")
    toml = governed.place.toml.read_text("utf-8")
    governed.place.toml.write_text(re.sub('hash = "0x.*"', 'file = "charter.md"', toml), "utf-8")
    file = governed.folder / "index.html"
    told = governed.told("page build", rpc="/rpc", output=file, server="/")
    assert told["invitations"] == door.contract.address
    assert told["succession"] == seats.contract.address
    assert told["server"] == ""
    assert "charter" not in told  # the chain has another
    charter = keccak(text=text)
    governed.community.as_treasury(governed.dao.membership, "setCharter", charter, "")
    assert governed.told("page build", rpc="/rpc", output=file)["charter"] == text


def test_link_names_chain_governor_and_proposal(governed: Governed) -> None:
    draft = governed.propose()
    governor = governed.dao.governor.address
    told = governed.told("page link", "1", at="https://dao.example.org/#old")
    link = f"https://dao.example.org/#decide/11155111/{governor}/{draft.id:#x}"
    assert told == {"link": link}


@pytest.mark.parametrize(
    "node",
    [
        "http://rpc.example.org",
        "ws://rpc.example.org",
        "https://",
        "https://a b",
        "https://a; script-src *",
        "https://a:b",
        "//a",
        "",
        'https://"><script>',
    ],
)
def test_what_no_page_can_ask_is_refused(governed: Governed, node: str) -> None:
    file = governed.folder / "index.html"
    assert governed.run("page build", rpc=node, output=file).exit_code == 2
    failed("page.no-node", node=quoted(node))
    assert not file.exists()


def test_name_of_a_dao_ends_no_script() -> None:
    html = page_of({"rpc": "/rpc", "treasury": "0x", "dao": "</script><script>alert(1)"})
    assert "<script>alert" not in html
    assert html.count("<script") == PAGE.read_text("utf-8").count("<script")


def test_page_that_is_not_built_is_told(tmp_path: Path) -> None:
    with refuses("page.not-built", path="page.html"):
        page_of({"rpc": "/rpc", "treasury": "", "dao": ""}, tmp_path / "page.html")


# Stories


def test_story_of_the_door(tmp_path_factory: pytest.TempPathFactory, browser: Phone) -> None:
    with Node(NODE) as node, opened(tmp_path_factory.mktemp("door"), node) as place:
        told = play(place, browser)
    failing = {name for name, fine in told["checks"].items() if not fine}
    assert failing <= {f"at most {SECONDS} s"}  # that is for `make door` on a quiet computer
    assert [each["taps"] for each in told["steps"]] == [0, 3, 0, 0, 0, 3, 0, 0, 2]


def test_words_are_those_of_the_commands(visit: Visit) -> None:
    visit.join()
    draft = visit.governed.propose('Bread <b>& "tea"</b>')
    visit.open(draft.id)
    visit.phone("tap", name="Abstain")
    visit.phone("see", text="What you sign")
    shown = visit.phone("text", selector=".signing")
    visit.phone("tap", name="Sign")
    visit.phone("see", text="Paste this line")
    (visit.governed.folder / "a.txt").write_text(visit.phone("text", selector="output"))
    (found,) = open_files([str(visit.governed.folder / "a.txt")])
    message = found.content.message
    with speaking("en"):
        said = describe(message, draft)
    vote, final, _until, place = re.split(r"(?<=\.) (?=My|Valid|Only)", said)
    assert message["support"] == ABSTAIN
    for words in (vote, final, place):
        assert words in shown


def test_reason_is_counted_with_its_ballot(visit: Visit) -> None:
    wallet = visit.join()
    draft = visit.governed.propose()
    visit.governed.open_voting(draft.id)
    visit.open(draft.id)
    visit.phone("tap", name="Against")
    visit.phone("open_details", selector="details")
    visit.phone("type", label="My reason", text="too dear,\nトイレットペーパー")
    visit.phone("see", text='My reason: "too dear, トイレットペーパー".')
    visit.phone("tap", name="Sign")
    cast = visit.relay(visit.phone("text", selector="output"))
    visit.phone("see", text="Your ballot is counted")
    assert (cast["voter"], cast["support"]) == (wallet, AGAINST)
    assert cast["reason"] == "too dear, トイレットペーパー"


def test_keyboard_is_enough(visit: Visit) -> None:
    wallet = visit.join()
    draft = visit.governed.propose()
    visit.governed.open_voting(draft.id)
    visit.open(draft.id)
    visit.phone("see", text="Your ballot")
    for name in ("For", "Sign"):
        visit.phone("press", name=name)
    visit.phone("see", text="Paste this line")
    visit.relay(visit.phone("text", selector="output"))
    assert visit.vote_of(draft.id, wallet) == FOR


def test_reload_loses_no_wallet(visit: Visit) -> None:
    wallet = visit.join()
    draft = visit.governed.propose()
    visit.open(draft.id)
    lines = []
    for _ in range(2):
        visit.phone("tap", name="For")
        visit.phone("tap", name="Sign")
        lines.append(visit.phone("text", selector="output"))
        visit.phone("reload")
    assert lines[0] == lines[1]
    visit.governed.open_voting(draft.id)
    visit.relay(lines[1])
    assert visit.vote_of(draft.id, wallet) == FOR


WALLET = """
const provider = { request: ({ method, params }) => {
  if (method === "eth_requestAccounts") return Promise.resolve(["ADDRESS"]);
  if (method === "eth_chainId") return Promise.resolve("0xaa36a7");
  return new Promise((done) => Object.assign(globalThis, { asked: params, answer: done }));
} };
const info = { uuid: "1", name: "Fox <i>", icon: "", rdns: "example" };
addEventListener("eip6963:requestProvider", () => dispatchEvent(
  new CustomEvent("eip6963:announceProvider", { detail: { info, provider } })));
"""


@pytest.mark.parametrize("signer", [2, 3])
def test_wallet_of_the_browser_signs(visit: Visit, signer: int) -> None:
    """What another key than the wallet's own made is refused."""
    draft = visit.governed.propose()
    visit.governed.open_voting(draft.id)
    visit.phone("before", script=WALLET.replace("ADDRESS", person(2).address.lower()))
    visit.open(draft.id)
    visit.phone("tap", name="For")
    visit.phone("tap", name="Fox <i>")
    visit.phone("tap", name="Sign")
    account, told = visit.phone("evaluate", script="asked")
    assert account == person(2).address
    made = Account.sign_message(
        encode_typed_data(full_message=json.loads(told)), person(signer).key
    )
    visit.phone("evaluate", script=f"void answer('0x{made.signature.hex()}')")
    if signer == 2:
        visit.phone("see", text="Paste this line")
        visit.relay(visit.phone("text", selector="output"))
        assert visit.vote_of(draft.id, person(2).address) == FOR
    else:
        visit.phone("see", text="The signature is not that of")


def test_page_from_a_file_reads_by_a_node_that_is_typed(browser: Phone, governed: Governed) -> None:
    draft = governed.propose()
    with served("", governed.rpc.url) as url:
        browser("phone", locale="en-GB")
        governor = governed.dao.governor.address
        link = proposal_link(PAGE.as_uri(), governed.rpc.chain_id(), governor, draft.id)
        browser("open", url=link)
        browser("type", label="Address of the node", text=f"{url}rpc")
        browser("tap", name="Use it")
        browser("see", text="Bread")
        browser("tap", name="For")
        browser("see", text="A page opened from a file has no passkeys")
        assert browser("count", selector=".wallets > button") == 0


# What is hostile


HOSTILE = f"""# <img src="{ELSEWHERE}/a.png" onerror="alert(1)"> \u202egnp.exe

<script>alert(2)</script> <iframe src="{ELSEWHERE}"></iframe> <b onclick=alert(3)>b</b>
[safe](javascript:alert(4)) [data](data:text/html,<script>alert(5)</script>)
![picture]({ELSEWHERE}/b.png) [go]({ELSEWHERE}/c) `<svg onload=alert(6)>` **bold**
\u202e\u2066\u200b\u0007

| a | b |

1. one
- two

> <style>body {{ display: none }}</style>

```
</div><script>alert(7)</script>
"""


def submit(governed: Governed, description: str, *calls: tuple[str, int, bytes]) -> ProposalDraft:
    draft = ProposalDraft.of(list(calls), description)
    governed.community.submit(draft, person(1).address)
    return draft


def test_text_of_a_proposal_is_never_more_than_text(visit: Visit) -> None:
    draft = submit(visit.governed, HOSTILE + "長い" * 22_000)
    visit.open(draft.id)
    visit.phone("see", text="more characters are not shown here")
    for selector in (
        "main img",
        "main script",
        "main iframe",
        "main b",
        "main style",
        "main svg.x",
    ):
        assert visit.phone("count", selector=selector) == 0
    hrefs = "[...document.querySelectorAll('main a')].map((each) => each.getAttribute('href'))"
    assert visit.phone("evaluate", script=hrefs) == [ELSEWHERE, f"{ELSEWHERE}/c"]  # as they read
    shown = visit.phone("text", selector="main")
    for text in ("<script>alert(2)</script>", "safe (javascript:alert(4))", f"({ELSEWHERE}/c)"):
        assert text in shown
    assert "onerror" in visit.phone("text", selector="h1")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u0007]", shown)
    assert visit.phone("width") <= 390
    visit.phone.shot("hostile.en")


def test_policy_holds_in_the_browser(visit: Visit) -> None:
    """Of a server that would answer, too, and of a text that would be HTML."""
    visit.phone("open", url=visit.url)
    with served("", visit.node.url) as other:
        script = f"fetch('{other}').then(() => 'asked', () => 'refused')"
        assert visit.phone("evaluate", script=script.replace(other, visit.url)) == "asked"
        assert visit.phone("evaluate", script=script) == "refused"
    script = "try { document.body.innerHTML = '<b>x</b>'; 'written' } catch { 'refused' }"
    assert visit.phone("evaluate", script=f"eval({json.dumps(script)})") == "refused"
    visit.phone("forget")


def test_page_in_a_frame_signs_nothing(visit: Visit) -> None:
    visit.join()
    draft = visit.governed.propose()
    with served(f'<iframe src="{visit.link(draft.id)}"></iframe>', visit.node.url) as outer:
        visit.phone("open", url=outer)
        shown = visit.phone("framed")
        visit.phone("open", url=visit.url)
    assert "This page is shown inside another one" in shown
    assert "Bread" not in shown
    visit.phone("forget")


@pytest.mark.parametrize("lie", ["description", "values"])
def test_lie_about_a_proposal_is_unproven(visit: Visit, lie: str) -> None:
    visit.join()
    draft = visit.governed.propose()
    types = [
        "uint256",
        "address",
        "address[]",
        "uint256[]",
        "string[]",
        "bytes[]",
        "uint256",
        "uint256",
        "string",
    ]

    def lying(call: Call) -> Json:
        logs = call.forward()
        values = list(decode(types, bytes.fromhex(logs[0]["data"][2:])))
        if lie == "description":
            values[8] = "# Tea"
        else:
            values[3] = [1]
        return [{**logs[0], "data": f"0x{encode(types, values).hex()}"}]

    visit.node.on("eth_getLogs", lying)
    visit.open(draft.id)
    visit.phone("see", text="An unproven proposal")
    assert visit.phone("count", selector=".ballot") == 0
    assert "Tea" not in visit.phone("text", selector="main")


def test_calls_are_read_from_their_bytes(visit: Visit) -> None:
    dao, coin = visit.governed.dao, visit.governed.dao.token
    stranger = person(77).address
    calls = [
        (stranger, ETHER // 2, b""),
        (coin.address, 0, coin.data("transfer", stranger, 3 * ETHER)),
        (dao.membership_address, 0, dao.membership.data("admit", stranger, bytes(32))),
        (dao.treasury_address, 0, dao.treasury.data("setGovernor", stranger)),
        (stranger, 0, dao.treasury.data("setGovernor", stranger)),
    ]
    draft = submit(visit.governed, "# Harmless", *calls)
    visit.open(draft.id)
    visit.phone("see", text="What it does")
    visit.phone("see", text="The treasury has 10 ETH now, and 9.5 ETH afterwards.")
    says = visit.phone("text", selector=".does").split("\n")
    assert [each for each in says if each.strip()] == [
        f"Pay {stranger} 0.5 ETH",
        f"Pay {stranger} 3 PMC ({coin.address})",
        f"Admit {stranger}",
        f"Hand everything to the governor {stranger}, 45 days later",
        f"Call {stranger}, unknown function: 0x{calls[4][2].hex()}",
    ]


NAMES = {
    "bytes32": (b"MKR".ljust(32, b"\0"), encode(["uint8"], [18])),
    "endless decimals": (encode(["string"], ["A"]), encode(["uint8"], [255])),
    "turned round": (
        encode(["string"], ["\u202eDSU, then nothing else at all"]),
        encode(["uint8"], [0]),
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_no_coin_keeps_a_proposal_from_being_read(visit: Visit, name: str) -> None:
    coin, token = person(78).address, visit.governed.dao.token
    visit.governed.rpc.call("anvil_setCode", coin, f"0x{coin_code(*NAMES[name]).hex()}")
    calls = [
        (coin, 0, token.data("transfer", person(77).address, 5)),
        (coin, 0, token.data("symbol")),
    ]
    visit.open(submit(visit.governed, "# Coins", *calls).id)
    visit.phone("see", text="Your ballot")
    does = visit.phone("text", selector=".does")
    assert f"Call {coin}, unknown function: 0x95d89b41" in does
    assert "nothing else" not in does
    assert "\u202e" not in does


def test_what_was_made_of_another_choice_is_not_signed(visit: Visit) -> None:
    """While a node is slow to say what the next act's number is."""
    visit.join()
    visit.governed.rpc.warp(1)
    visit.open(submit(visit.governed, "# Tea").id)
    visit.phone("tap", name="For")
    visit.phone("open_details", selector="details")
    visit.phone("type", label="My reason", text="good tea")
    visit.phone("see", text='My reason: "good tea".')
    answers = threading.Event()
    visit.node.on("eth_call", lambda call: answers.wait(60) and call.forward())
    visit.phone("tap", name="Against")
    frame = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
    for _frame in range(3):
        visit.phone("evaluate", script=frame)
    assert visit.phone("count", selector=".signing") == 0
    answers.set()
    visit.phone("see", text="I vote Against")


# What is refused


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ({"chain_id": 1}, "The link is for another chain"),
        ({"governor": person(5).address}, "The link is for another DAO"),
        ({"proposal": 1}, "There is no such proposal"),
    ],
)
def test_link_to_elsewhere_is_refused(visit: Visit, other: dict[str, Any], what: str) -> None:
    draft = visit.governed.propose()
    visit.open(**{"proposal": draft.id, **other})
    visit.phone("see", text=what)
    assert visit.phone("count", selector=".choices") == 0


def test_link_to_another_dao_than_the_pages_is_refused(visit: Visit) -> None:
    draft = visit.governed.propose()
    page = page_of({"rpc": "/rpc", "treasury": person(5).address, "dao": "Another DAO"})
    with served(page, visit.node.url) as url:
        link = visit.link(draft.id).replace(visit.url, url)
        visit.phone("open", url=link)
        visit.phone("see", text="The link is for another DAO")
    assert visit.phone("count", selector=".choices") == 0
    visit.phone("forget")


def test_cut_link_is_refused(visit: Visit) -> None:
    draft = visit.governed.propose()
    visit.phone("open", url=visit.link(draft.id)[:-70])
    visit.phone("see", text="The link is not whole")


def test_node_that_is_down_is_told_and_asked_again(visit: Visit) -> None:
    draft = visit.governed.propose()
    visit.node.dead = True
    visit.open(draft.id)
    visit.phone("see", text="The chain cannot be reached")
    visit.node.dead = False
    visit.phone("tap", name="Read it again")
    visit.phone("see", text="Bread")
    visit.phone("forget")


def test_stranger_is_told_before_signing(visit: Visit) -> None:
    draft = visit.governed.propose()
    visit.open(draft.id)
    visit.phone("tap", name="For")
    visit.phone("tap", name="Make a passkey")
    visit.phone("see", text="This wallet is no member")
    assert visit.phone("count", selector=".signing") == 0


def test_who_came_after_the_snapshot_is_told_before_signing(visit: Visit) -> None:
    draft = visit.governed.propose()
    visit.governed.open_voting(draft.id)
    visit.join()
    visit.open(draft.id)
    visit.phone("see", text="You have no voice on this proposal")
    assert visit.phone("count", selector=".signing") == 0


def test_passkey_that_is_cancelled_signs_nothing(visit: Visit) -> None:
    visit.join()
    draft = visit.governed.propose()
    visit.open(draft.id)
    visit.phone("tap", name="For")
    visit.phone("person", agrees=False)
    visit.phone("tap", name="Sign")
    visit.phone("see", text="The passkey was not used")
    assert visit.phone("count", selector="output") == 0
    assert visit.phone("count", selector=".signing button:enabled") == 1


def test_passkey_without_a_secret_is_no_wallet(visit: Visit) -> None:
    visit.phone("phone", locale="en-GB", prf=False)
    visit.phone("open", url=f"{visit.url}#me")
    visit.phone("tap", name="Make a passkey")
    visit.phone("see", text="This passkey cannot be a wallet")
    assert visit.phone("count", selector="output") == 0


# For everybody


@pytest.mark.parametrize(
    ("locale", "vote", "sign"), [("ja", "賛成", "署名する"), ("en", "For", "Sign")]
)
def test_every_screen_is_accessible(visit: Visit, locale: str, vote: str, sign: str) -> None:
    """By axe, on a narrow screen, with a picture to be looked at."""
    phone = visit.phone

    def looked(name: str) -> None:
        assert phone("axe") == [], name
        assert phone("width") <= 390, name
        phone.shot(f"{name}.{locale}")

    visit.join()
    if locale == "ja":
        phone("tap", name="日本語")
    looked("wallet")
    draft = submit(
        visit.governed,
        "# 夏祭りの準備\n\n- 神輿の修理\n- 提灯 **12** 個\n\n[見積もり](https://example.org/a)",
    )
    phone("open", url=visit.link(draft.id))
    phone("see", text="夏祭りの準備")
    looked("proposal")
    phone("tap", name=vote)
    phone("see", text="#6")
    looked("signing")
    phone("tap", name=sign)
    phone("see", text="mikoshi=")
    looked("line")
    phone("open", url=visit.link(1))
    phone("see", text={"ja": "その提案はありません", "en": "There is no such proposal"}[locale])
    looked("refused")
