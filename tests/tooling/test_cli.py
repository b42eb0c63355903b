"""What every command shares: options, what it may touch, how it ends."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from mikoshi.chain.abi import Revert
from mikoshi.chain.contract import ContractRevertedError
from mikoshi.chain.node import DevRpc, Node
from mikoshi.chain.processes import NodeError
from mikoshi.chain.rpc import RevertedError, RpcError, UnreachableError
from mikoshi.cli.session import Session, takes
from mikoshi.core.manifest import Manifest
from mikoshi.testing.community import person
from mikoshi.text.errors import BadInputError, ChainError, CheckFailedError, NotNowError
from mikoshi.text.files import UnwrittenError
from mikoshi.text.language import current, use
from mikoshi.text.paths import ROOT, ToolMissingError, shown
from tests.support import failed, refuses
from tests.tooling.live import script

WALLETS = [person(number).address for number in range(2_000_001, 2_000_004)]
TOML = f"""
[dao]
name = "PM DAO"
symbol = "PMD"
chain_id = %d
slug = "pm-dao"
[charter]
hash = "0x{"c4" * 32}"
[members]
list = [{", ".join(f'{{ wallet = "{wallet}" }}' for wallet in WALLETS)}]
[token]
name = "PM DAO Contribution"
symbol = "PMC"
cap_per_epoch = "1,000 PMC"
"""
ON_SEPOLIA = TOML % 11155111


@pytest.fixture(autouse=True)
def _english() -> Any:
    yield
    use("en")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command made of a function, in a folder with a dao.toml for chain 31337."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    (tmp_path / "dao.toml").write_text(TOML % 31337)

    def run(
        function: Callable[[Session], None], *args: str, answer: str = "", **needs: bool
    ) -> Result:
        command = click.command()(takes(**needs)(function))
        return CliRunner(mix_stderr=False).invoke(command, args, input=f"{answer}\n")

    return run


EVERYTHING = {"config": True, "network": True, "account": True, "writes": True}


def pay(session: Session) -> None:
    """Sends 1 wei after it was told to."""
    session.out.say(f"pay from {session.sender.account.name}")
    if session.go_ahead():
        receipt = session.sender.send(WALLETS[0], value=1)
        session.out.good("paid")
        session.out.emit({"hash": receipt["transactionHash"]})


def test_a_command_sends_at_once_on_a_local_chain(
    run: Callable[..., Result], node: Node, rpc: DevRpc
) -> None:
    result = run(pay, "--network", node.url, **EVERYTHING)
    assert (result.exit_code, result.stdout) == (0, "pay from TEST::0\n✓ paid\n")
    assert rpc.balance(WALLETS[0]) == 1


def test_json_is_all_there_is_on_stdout(
    run: Callable[..., Result], node: Node, rpc: DevRpc
) -> None:
    result = run(pay, "--json", "--network", node.url, **EVERYTHING)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["hash"].startswith("0x")
    assert rpc.balance(WALLETS[0]) == 1


def test_a_dry_run_sends_nothing(run: Callable[..., Result], node: Node, rpc: DevRpc) -> None:
    result = run(pay, "--dry-run", "--yes", "--network", node.url, **EVERYTHING)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "pay from TEST::0",
        "Next: nothing was sent; the same command without --dry-run sends it",
    ]
    assert rpc.balance(WALLETS[0]) == 0


def test_a_live_chain_is_not_written_without_consent(
    run: Callable[..., Result], sepolia_node: Node, sepolia: DevRpc
) -> None:
    Path("dao.toml").write_text(ON_SEPOLIA)
    args = ("--network", sepolia_node.url, "--account", "TEST::1")
    for more in ((), ("--json",)):
        result = run(pay, *args, *more, **EVERYTHING)
        assert result.exit_code == 4
        failed("sending.nobody-to-ask")
    assert json.loads(result.stdout)["error"]["code"] == 4
    result = run(pay, *args, "--dry-run", **EVERYTHING)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sepolia.balance(WALLETS[0]) == 0
    result = run(pay, *args, "--yes", **EVERYTHING)
    assert result.exit_code == 0
    assert sepolia.balance(WALLETS[0]) == 1


@pytest.mark.parametrize(
    ("answer", "code", "paid"),
    [("y", 0, 1), ("はい", 0, 1), ("n", 4, 0), ("いいえ", 4, 0), ("", 4, 0)],
)
def test_a_live_chain_is_written_when_the_person_says_yes(
    answer: str,
    code: int,
    paid: int,
    run: Callable[..., Result],
    sepolia_node: Node,
    sepolia: DevRpc,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("dao.toml").write_text(ON_SEPOLIA)
    monkeypatch.setattr("mikoshi.cli.session.at_a_terminal", lambda: True)
    args = ("--network", sepolia_node.url, "--account", "TEST::1")
    result = run(pay, *args, answer=answer, **EVERYTHING)
    assert result.exit_code == code
    assert sepolia.balance(WALLETS[0]) == paid
    if code:
        assert result.stderr.startswith("Send? [y/N]:✗ ")  # whoever answers ends the line
        failed("sending.declined")


def test_an_unclear_answer_is_asked_again(
    run: Callable[..., Result],
    sepolia_node: Node,
    sepolia: DevRpc,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("dao.toml").write_text(ON_SEPOLIA)
    monkeypatch.setattr("mikoshi.cli.session.at_a_terminal", lambda: True)
    args = ("--network", sepolia_node.url, "--account", "TEST::1", "--lang", "ja")
    result = run(pay, *args, answer="maybe\ny", **EVERYTHING)
    assert result.exit_code == 0
    assert "送信しますか? [y/N]:✗ 答えは y か n です" in result.stderr
    assert sepolia.balance(WALLETS[0]) == 1


@pytest.mark.parametrize(
    "stop",
    [KeyboardInterrupt(), SystemExit(130), click.Abort()],
    ids=["in Python", "in Ape", "at a question, or the end of the input"],
)
def test_ctrl_c_says_whether_something_may_have_been_sent(
    stop: BaseException, run: Callable[..., Result], node: Node, rpc: DevRpc
) -> None:
    def stopped(session: Session) -> None:
        if session.options.account:
            pay(session)
        raise stop

    before = run(stopped, "--network", node.url, **EVERYTHING)
    assert before.exit_code == 4
    failed("command.stopped")
    args = ("--network", node.url, "--account", "TEST::0")
    after = run(stopped, *args, **EVERYTHING)
    assert after.exit_code == 4
    failed("command.stopped-while-sending")
    assert rpc.balance(WALLETS[0]) == 1
    told = run(stopped, *args, "--dry-run", "--json", **EVERYTHING)
    assert json.loads(told.stdout)["error"]["kind"] == "command.stopped"


def test_other_ways_out_are_left_alone(run: Callable[..., Result]) -> None:
    def leave(_: Session) -> None:
        raise SystemExit(7)

    assert (run(leave).exit_code, run(leave).stderr) == (7, "")


def test_a_live_chain_takes_no_account_by_default(
    run: Callable[..., Result],
    sepolia_node: Node,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    Path("dao.toml").write_text(ON_SEPOLIA)
    monkeypatch.setenv("APE_DATA_FOLDER", str(tmp_path))
    result = run(pay, "--network", sepolia_node.url, "--yes", **EVERYTHING)
    assert result.exit_code == 2
    failed("account.unknown", choice=None, known="")


def test_another_chain_than_that_of_the_file_is_refused(
    run: Callable[..., Result], node: Node, rpc: DevRpc
) -> None:
    Path("dao.toml").write_text(ON_SEPOLIA)
    args = ("--network", node.url, "--account", "TEST::0", "--yes", "--json")
    result = run(pay, *args, **EVERYTHING)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "✗ The node is on chain 31337, and dao.toml is for chain 11155111",
        "  what is meant for one chain must not happen on another",
        "→ Name a node of chain 11155111 with --network, or correct dao.chain_id; nothing was sent",
    ]
    assert json.loads(result.stdout) == {
        "error": {
            "code": 2,
            "kind": "chain.another",
            "data": {"actual": 31337, "meant": "dao.toml", "expected": 11155111},
            "what": "The node is on chain 31337, and dao.toml is for chain 11155111",
            "why": ["what is meant for one chain must not happen on another"],
            "next": "Name a node of chain 11155111 with --network, or correct dao.chain_id;"
            " nothing was sent",
        }
    }
    assert rpc.balance(WALLETS[0]) == 0


def test_a_bad_file_is_refused_before_the_network_is_touched(run: Callable[..., Result]) -> None:
    Path("dao.toml").write_text(TOML % 31337 + '[governance]\nquorum = "110%"\n')
    result = run(pay, "--network", "http://127.0.0.1:9", **EVERYTHING)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "✗ dao.toml: governance.quorum must be 5 % … 60 %, got 110 %",
        "  below it a handful decides for all, above it nothing is ever decided",
        "→ Correct dao.toml and run the command again; nothing was done",
    ]


def test_a_dead_node_is_named_without_the_key_in_its_url(run: Callable[..., Result]) -> None:
    result = run(pay, "--json", "--network", "http://127.0.0.1:9/v2/secret", **EVERYTHING)
    assert result.exit_code == 3
    failed("node.unreachable", host="http://127.0.0.1:9", reason="Connection refused")
    assert "secret" not in result.stdout + result.stderr


NOT_READY = Revert("GovernorNotReady", (1, 3600, 0), ("proposalId", "eta", "timestamp"))


@pytest.mark.usefixtures("run")  # for its folder
def test_a_command_tells_programs_the_kind_and_the_data_of_its_failure() -> None:
    args = ("--json", "--network", "http://127.0.0.1:9/v2/secret")
    result = CliRunner(mix_stderr=False).invoke(script("status"), args)
    assert result.exit_code == 3
    assert json.loads(result.stdout) == {
        "error": {
            "code": 3,
            "kind": "node.unreachable",
            "data": {"host": "http://127.0.0.1:9", "reason": "Connection refused"},
            "what": "No answer from the node at http://127.0.0.1:9",
            "why": ["Connection refused"],
            "next": "Check the connection or name another node with --network, then run the"
            " command again: it continues",
        }
    }


@pytest.mark.parametrize(
    ("error", "code", "kind", "data"),
    [
        (CheckFailedError("a.kind", "what", "why", "next", a=1), 1, "a.kind", {"a": 1}),
        (BadInputError("a.kind", "what", "why", "next"), 2, "a.kind", {}),
        (ChainError("a.kind", "what", "why", "next"), 3, "a.kind", {}),
        (NotNowError("a.kind", "what", "why", "next"), 4, "a.kind", {}),
        (
            UnreachableError("https://x.org/key", "gone"),
            3,
            "node.unreachable",
            {"host": "https://x.org", "reason": "gone"},
        ),
        (
            RpcError("eth_call", -32000, "boom"),
            3,
            "node.refused",
            {"method": "eth_call", "code": -32000, "message": "boom"},
        ),
        (
            RevertedError({"transactionHash": "0x12"}, None),
            3,
            "transaction.failed",
            {"transaction": "0x12", "reason": "0x12 reverted"},
        ),
        (NodeError("no port"), 3, "node.not-started", {"reason": "no port"}),
        (
            ToolMissingError("anvil", Path("x")),
            2,
            "tool.missing",
            {"tool": "anvil", "path": "x"},
        ),
        (
            ContractRevertedError("admit", Revert("MembershipBarred", (7,), ("id",)), b""),
            4,
            "contract.membership-barred",
            {"call": "admit", "id": 7},
        ),
        (
            ContractRevertedError("execute", NOT_READY, b""),
            4,
            "proposal.not-ready",
            {"eta": 3600, "span": "1 h", "moment": "Thu 1 Jan 01:00 UTC"},
        ),
        (
            ModuleNotFoundError("No module", name="rich"),
            2,
            "tool.package-missing",
            {"name": "rich"},
        ),
        (
            UnwrittenError(OSError(30, "Read-only file system"), "a.toml"),
            2,
            "file.unwritable",
            {"name": "a.toml", "reason": "Read-only file system"},
        ),
        (
            PermissionError(13, "Permission denied", "b.toml"),
            2,
            "file.unwritable",
            {"name": "b.toml", "reason": "Permission denied"},
        ),
        (OSError(28, "No space left on device"), 2, "file.unwritable", {"name": "stdout"}),
        (
            ConnectionResetError(104, "reset"),
            70,
            "defect.unexpected",
            {"name": "ConnectionResetError", "error": "[Errno 104] reset"},
        ),
        (KeyError("x"), 70, "defect.unexpected", {"name": "KeyError", "error": "'x'"}),
    ],
)
def test_every_failure_ends_in_three_lines_and_its_code(
    error: Exception, code: int, kind: str, data: dict[str, Any], run: Callable[..., Result]
) -> None:
    def fail(_: Session) -> None:
        raise error

    result = run(fail)
    lines = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (code, "")
    assert [line[:2] for line in lines] == ["✗ ", "  ", "→ "]
    told = json.loads(run(fail, "--json").stdout)["error"]
    assert (told["code"], told["kind"]) == (code, kind)
    assert {**told["data"], **data} == told["data"]
    assert [f"✗ {told['what']}", *(f"  {why}" for why in told["why"])] == lines[:-1]
    assert f"→ {told['next']}" == lines[-1]
    assert "Traceback" in run(fail, "--debug").stderr
    assert run(fail, "--debug").exit_code == code


def test_what_is_told_of_a_defect_holds_no_passphrase_and_no_key(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APE_ACCOUNTS_pm-key_PASSPHRASE", "hunter2")

    def fail(_: Session) -> None:
        raise KeyError("hunter2 of https://u:p4ss/w@node.example/v3/k3y")

    for options in ((), ("--json",), ("--debug",)):
        result = run(fail, *options)
        told = result.stdout + result.stderr
        assert "https://node.example" in told
        assert [each for each in ("hunter2", "p4ss", "k3y") if each in told] == []


@pytest.mark.parametrize(
    ("args", "locale", "language"),
    [
        ([], "ja_JP.UTF-8", "ja"),
        ([], "en_US.UTF-8", "en"),
        ([], "C", "en"),
        (["--lang", "ja"], "C", "ja"),
        (["--lang", "en"], "ja_JP.UTF-8", "en"),
    ],
)
def test_language_is_that_of_the_locale_or_of_the_option(
    args: list[str],
    locale: str,
    language: str,
    run: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert run(lambda session: session.out.say(current()), *args).stdout == f"{language}\n"


def test_names_are_shown_as_they_are_and_long_lines_whole(run: Callable[..., Result]) -> None:
    name = "[red]花[/red] :smile: " + "x" * 300

    def show(session: Session) -> None:
        session.out.say(name)
        session.out.table(["who", ">voice"], [[name, "1"]])

    first, _, row = run(show).stdout.splitlines()
    assert first == name
    assert name in row


def test_only_what_is_asked_for_is_offered() -> None:
    def options(**needs: bool) -> set[str]:
        command = click.command()(takes(**needs)(pay))
        return {option for each in command.params for option in each.opts}

    always = {"--json", "--lang", "--debug"}
    assert options() == always
    assert options(config=True) == always | {"--config"}
    assert options(writes=True) == always | {"--dry-run", "--yes", "-y"}
    assert options(network=True, account=True) == always | {"--network", "--account"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "ape run check"),
        (["--config", "dao.toml", "--yes"], "ape run check --config dao.toml"),
        (["--lang", "ja"], "ape run check --lang ja"),
        (["--config", "my tea.toml"], "ape run check --config 'my tea.toml'"),
        (
            ["--network", "ethereum:sepolia:node", "--account", "alice"],
            "ape run check --network ethereum:sepolia:node --account alice",
        ),
        (["--network", "https://x.org"], "ape run check --network https://x.org"),
        (["--network", "https://x.org/v2/secret"], "ape run check --network https://x.org/…"),
        (
            ["--network", "ethereum:sepolia:https://x.org/?key=secret"],
            "ape run check --network ethereum:sepolia:https://x.org/…",
        ),
    ],
)
def test_the_next_command_has_the_options_that_were_given(
    args: list[str], said: str, run: Callable[..., Result]
) -> None:
    def hint(session: Session) -> None:
        session.out.next_step("", session.command("check", account=True))

    assert run(hint, *args, **EVERYTHING).stdout.splitlines() == [
        "次の一手:" if "ja" in args else "Next:",
        f"  {said}",
    ]


def test_a_command_that_signs_on_a_live_chain_has_an_account(
    run: Callable[..., Result], sepolia_node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("dao.toml").write_text(ON_SEPOLIA)

    def hint(session: Session) -> None:
        assert session.live
        session.out.say(session.command("vote 1 --for", account=True))

    url = sepolia_node.url
    said = run(hint, "--network", url, config=True, network=True).stdout
    assert said == f"ape run vote 1 --for --network {url} --account ALIAS\n"
    monkeypatch.setenv("MIKOSHI_ACCOUNT", "alice")
    said = run(hint, "--network", url, config=True, network=True).stdout
    assert said == f"ape run vote 1 --for --network {url}\n"
    said = run(hint, "--network", url, "--account", "alice", **EVERYTHING).stdout
    assert said == f"ape run vote 1 --for --network {url} --account alice\n"


def test_the_next_command_has_the_folder_of_records_that_was_given() -> None:
    @click.command()
    @takes(network=True)
    @click.option("--deployments", envvar="MIKOSHI_DEPLOYMENTS")
    def hint(session: Session, deployments: str | None) -> None:
        session.out.say(f"{session.command('check')} {deployments}")

    result = CliRunner().invoke(hint, ["--deployments", "here"])
    assert result.output == "ape run check --deployments here here\n"
    result = CliRunner().invoke(hint, [], env={"MIKOSHI_DEPLOYMENTS": "there"})
    assert result.output == "ape run check there\n"


@pytest.mark.usefixtures("run")  # for its folder
def test_what_is_always_typed_may_come_from_the_environment(node: Node) -> None:
    Path("tea.toml").write_text(TOML % 31337)
    environment = {
        "MIKOSHI_CONFIG": "tea.toml",
        "MIKOSHI_NETWORK": node.url,
        "MIKOSHI_ACCOUNT": "TEST::2",
    }

    def show(session: Session) -> None:
        session.out.say(f"{session.config.source.name} {session.sender.account.name}")
        session.out.say(session.command("vote 1", account=True))

    command = click.command()(takes(**EVERYTHING)(show))
    result = CliRunner().invoke(command, env=environment)
    assert result.output.splitlines() == ["tea.toml TEST::2", "ape run vote 1"]
    args = ("--account", "TEST::1", "--config", "dao.toml")
    result = CliRunner().invoke(command, args, env=environment)
    assert result.output.splitlines() == [
        "dao.toml TEST::1",
        "ape run vote 1 --config dao.toml --account TEST::1",
    ]


def test_a_missing_record_names_those_that_there_are(tmp_path: Path) -> None:
    missing = tmp_path / "31337" / "pm-dao.json"
    command = "ape run deploy --config x"
    with refuses("deployment.missing", path=shown(missing), command=command, known=""):
        Manifest.load(missing, command)
    (tmp_path / "11155111").mkdir()
    for name in ("tea-dao.json", "new.pending.json"):
        (tmp_path / "11155111" / name).write_text("{}")
    with refuses("deployment.missing", known=f"{shown(tmp_path)}/11155111/tea-dao.json"):
        Manifest.load(missing)


APART = {"init", "demo", "doctor", "bench", "regimes"} | {
    f"play {name}" for name in ("start", "stop", "status", "forward", "faucet", "people")
}
"""What is no command of a DAO on a chain, and is named with less."""


def leaves(name: str, command: click.Command) -> dict[str, click.Command]:
    """A command, or those of a group, by what is typed after `ape run`."""
    if not isinstance(command, click.Group):
        return {name: command}
    return {
        whole: leaf
        for part, each in command.commands.items()
        for whole, leaf in leaves(f"{name} {part}", each).items()
    }


@pytest.fixture(scope="module")
def offers() -> dict[str, set[str]]:
    """Every command with its options."""
    stems = sorted(path.stem for path in (ROOT / "scripts").glob("*.py"))
    commands = {name: leaf for stem in stems for name, leaf in leaves(stem, script(stem)).items()}
    return {
        name: {option for each in command.params for option in each.opts}
        for name, command in commands.items()
    }


def test_every_command_takes_what_a_hint_may_give(offers: dict[str, set[str]]) -> None:
    assert set(offers) > APART
    for name, options in offers.items():
        if name not in APART:
            assert {"--config", "--network", "--deployments", "--lang"} <= options, name


def test_every_hint_names_a_command_and_an_account_where_it_signs(
    offers: dict[str, set[str]],
) -> None:
    hints = 0
    for path in (ROOT / "mikoshi").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            words = [
                each.value
                for each in ast.walk(call.args[0])
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if ast.unparse(call.func).endswith("session.command") and words:
                hints += 1
                named = [name for name in offers if f"{words[0]} ".startswith(f"{name} ")]
                assert named, f"{path}: {words[0]}"
                if any(each.arg == "account" for each in call.keywords):
                    assert "--account" in offers[named[0]], f"{path}: {words[0]}"
    assert hints > 15


def test_another_chain_names_the_file_that_was_given(
    run: Callable[..., Result], node: Node
) -> None:
    Path("tea.toml").write_text(ON_SEPOLIA)
    result = run(pay, "--network", node.url, "--config", "tea.toml", **EVERYTHING)
    assert result.exit_code == 2
    failed("chain.another", actual=31337, expected=11155111, meant="tea.toml")


@pytest.mark.slow
def test_the_list_of_commands_cuts_no_sentence_off() -> None:
    done = subprocess.run(["ape", "run", "--help"], cwd=ROOT, capture_output=True, text=True)
    commands = done.stdout.partition("Commands:")[2].splitlines()
    assert "  deploy      Create the DAO of dao.toml." in commands
    assert [line for line in commands if line.endswith("...")] == []
