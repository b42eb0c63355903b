"""What a person meets before anything runs: prerequisites, lock files, the environment."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mikoshi.text.paths import ROOT

LOCK = ROOT / "package-lock.json"
POSIX = ["sh", "dirname", "uname", "cut"]


def preflight(folder: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "tools" / "preflight", *args],
        capture_output=True,
        text=True,
        env={"PATH": str(folder), **env},
    )


@pytest.fixture
def fake(tmp_path: Path) -> Path:
    """A PATH on which everything is there, in the versions asked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in POSIX:
        (target,) = [p for p in (Path("/bin") / name, Path("/usr/bin") / name) if p.exists()][:1]
        (folder / name).symlink_to(target)
    program(folder, "python3", "exit 0")
    program(folder, "node", "echo v20.0.0")
    program(folder, "npm", "exit 0")
    return folder


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


OLD_PYTHON = '[ "$1" = -V ] && echo Python 3.9.2; exit 1'
NO_VENV = 'case "$2" in *venv*) exit 1;; esac'


def test_preflight_is_silent_when_nothing_is_missing(fake: Path) -> None:
    done = preflight(fake)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("name", "script", "what", "how"),
    [
        ("node", None, "Node 20 or newer", "nodejs.org"),
        ("node", "echo v18.19.1", "Node 20 or newer (`node` is 18.19.1)", "nodejs.org"),
        ("npm", None, "npm", "It comes with Node"),
        ("python3", None, "Python 3.11 or 3.12", "python.org"),
        ("python3", OLD_PYTHON, "Python 3.11 or 3.12 (`python3` is 3.9.2)", "PYTHON=python3.12"),
        ("python3", NO_VENV, "Python's venv module", "python3-venv"),
    ],
)
def test_preflight_names_what_is_missing_and_how_to_get_it(
    fake: Path, name: str, script: str | None, what: str, how: str
) -> None:
    (fake / name).unlink()
    if script:
        program(fake, name, script)
    done = preflight(fake)
    first, item, hint, last = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert first == "Mikoshi cannot start: something is missing."
    assert item == f"  - {what}"
    assert how in hint
    assert last == "Then run the same command again."


def test_preflight_names_all_that_is_missing_at_once(fake: Path) -> None:
    (fake / "node").unlink()
    (fake / "python3").unlink()
    done = preflight(fake)
    assert done.returncode == 2
    assert "Node 20" in done.stderr
    assert "Python 3.11" in done.stderr


def test_preflight_takes_another_python_that_fits(fake: Path) -> None:
    program(fake, "python3", OLD_PYTHON)
    program(fake, "python3.12", "exit 0")
    assert preflight(fake).returncode == 0
    assert preflight(fake, "python").stdout == "python3.12\n"
    assert preflight(fake, PYTHON="python3").returncode == 2


def test_preflight_names_what_set_up_did_not_bring(fake: Path, tmp_path: Path) -> None:
    copy = tmp_path / "project" / "tools" / "preflight"
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / "tools" / "preflight").read_text())
    done = subprocess.run(
        ["sh", copy, "tools"], capture_output=True, text=True, env={"PATH": str(fake)}
    )
    assert done.returncode == 2
    assert "  - anvil for " in done.stderr
    assert "  - solc, the compiler" in done.stderr
    assert done.stderr.count("rm -rf node_modules && make setup") == 2
    assert preflight(fake, "tools").returncode == 0


def test_python_lock_has_a_hash_for_every_package() -> None:
    for lock in sorted(ROOT.glob("requirements*.lock")):
        text = lock.read_text()
        packages = re.split(r"\n(?=\S)", text.strip())
        assert packages
        assert all(re.match(r"[a-z0-9-]+==\S+[^\n]*\\\n +--hash=sha256:", p) for p in packages)
        assert "://" not in text


def test_npm_lock_covers_every_platform_and_names_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for tool in ("anvil", "cast", "forge"):
        for platform in ("linux-amd64", "linux-arm64", "darwin-arm64"):
            assert packages[f"node_modules/@foundry-rs/{tool}-{platform}"]["optional"]
    assert not any("resolved" in package for package in packages.values())


@pytest.mark.parametrize(
    "command",
    [
        [ROOT / "tools" / "run"],
        ["bash", "-c", f'. "{ROOT}/env.sh"; "$@"', "bash"],
    ],
    ids=["tools/run", "env.sh"],
)
def test_environment_lies_inside_the_project(command: list[str], tmp_path: Path) -> None:
    script = """
        for tool in python ape pytest anvil forge cast; do command -v "$tool"; done
        printf '%s\\n' "$APE_DATA_FOLDER" "$SOLCX_BINARY_PATH" "$TMPDIR" "$PIP_CACHE_DIR" \
          "$npm_config_cache" "$HYPOTHESIS_STORAGE_DIRECTORY" "$XDG_CACHE_HOME"
    """
    env = {"PATH": "/usr/bin:/bin", "MIKOSHI_ROOT": "/elsewhere"}
    done = subprocess.run(
        [*command, "sh", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    lines = done.stdout.splitlines()
    assert done.stderr == ""
    assert len(lines) == 13
    assert all(Path(line).is_relative_to(ROOT) for line in lines)


PYTHON = """
echo "python $*" >> "$LOG"
case "$*" in
  "-m venv .venv")
    mkdir -p .venv/bin .venv/site
    for name in python pip; do cp "$0" .venv/bin/$name; done ;;
  *getsitepackages*) echo "$PWD/.venv/site" ;;
  *artifacts.pack*) touch mikoshi/core/artifacts.json ;;
esac
"""
NPM = """
echo "npm $1" >> "$LOG"
mkdir -p node_modules/@foundry-rs/anvil-here/bin node_modules/solc
touch node_modules/solc/soljson.js
cp "$(command -v node)" node_modules/@foundry-rs/anvil-here/bin/anvil
"""


def test_set_up_works_once_in_a_folder_with_a_space_and_japanese_in_its_name(
    fake: Path, tmp_path: Path
) -> None:
    project = tmp_path / "a b 日本"
    for name in ("tools", "contracts"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns(".cache"))
    for file in (ROOT / "Makefile", ROOT / "env.sh", *ROOT.glob("requirements*"), LOCK):
        shutil.copy(file, project)
    shutil.copy(ROOT / "package.json", project)
    (project / "mikoshi" / "core").mkdir(parents=True)
    shutil.copy(ROOT / "mikoshi" / "core" / "artifacts.py", project / "mikoshi" / "core")
    program(fake, "python3", PYTHON)
    program(fake, "npm", NPM)
    log = tmp_path / "log"
    env = {"PATH": f"{fake}:/usr/bin:/bin", "LOG": str(log)}

    def set_up() -> list[str]:
        log.write_text("")
        done = subprocess.run(["make", "setup"], cwd=project, env=env, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        asked = log.read_text().splitlines()
        return [line for line in asked if "ensurepip" not in line and "version_info" not in line]

    first = set_up()
    assert first[0] == "python -m venv .venv"
    assert [line.rpartition(" ")[2] for line in first if "--require-hashes" in line] == [
        "requirements-build.lock",
        "requirements.lock",
    ]
    assert (project / ".venv" / "site" / "mikoshi.pth").read_text() == f"{project}\n"
    assert "npm ci" in first
    assert sum("artifacts.pack()" in line for line in first) == 1
    assert not any(word in line for line in set_up() for word in (" ci", "venv .venv", "artifacts"))


PROGRESS = ROOT / "tools" / "progress"


def progress(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRESS, *words], capture_output=True, text=True)


def test_progress_says_what_is_done_and_how_far(tmp_path: Path) -> None:
    told = tmp_path / "told"
    # It goes on once half of it was told.
    work = 'echo one; until grep -q " 50 %" "$0"; do sleep 0.1; done; echo two'
    with told.open("w") as stderr:
        subprocess.run(
            [PROGRESS, "Fetching", "2", 'grep -c . "$log"', "sh", "-c", work, str(told)],
            stderr=stderr,
            check=True,
        )
    assert "Fetching … 50 %, " in told.read_text()


def test_progress_ends_as_the_command_does() -> None:
    done = progress("Compiling", "0", "", "sh", "-c", "echo out; echo no room >&2; exit 7")
    assert (done.returncode, done.stdout) == (7, "")
    assert "out\nno room\n" in done.stderr
    assert progress("Compiling", "0", "", "true").returncode == 0


def test_sourcing_before_set_up_says_what_to_do(tmp_path: Path) -> None:
    shutil.copy(ROOT / "env.sh", tmp_path)
    done = subprocess.run(
        ["bash", "-c", ". ./env.sh"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "run `make setup` once" in done.stderr
    here = subprocess.run(["bash", "-c", ". ./env.sh"], cwd=ROOT, capture_output=True, check=True)
    assert here.stderr == b""


def test_commands_are_found_from_another_folder(tmp_path: Path) -> None:
    (tmp_path / "dao.toml").write_text("")
    words = [str(ROOT / "tools" / "run"), "ape", "run", "play", "status", "--json", "--lang", "en"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 4, done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "play.not-running"
    assert "→ Start it with `ape run play start`" in done.stderr


def test_contracts_are_compiled_once_and_again_when_they_change(tmp_path: Path) -> None:
    stamp = tmp_path / "compiled"

    def compiles(*options: str) -> bool:
        done = subprocess.run(
            ["make", "-n", *options, f"COMPILED={stamp.relative_to(ROOT)}", "ready"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return "artifacts.pack()" in done.stdout

    assert compiles()
    stamp.touch()
    assert not compiles()
    assert compiles("-W", "contracts/membership/Membership.sol")
