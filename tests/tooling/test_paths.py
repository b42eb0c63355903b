"""Where a community's things are, and the programs that it uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from mikoshi.text import paths


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A community's folder; the tests stand in one below it."""
    (tmp_path / "dao.toml").touch()
    below = tmp_path / "notes" / "2027"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    return tmp_path


def program(folder: Path, name: str = "anvil") -> Path:
    folder.mkdir(parents=True)
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_community_is_found_upwards(club: Path) -> None:
    assert paths.community() == club
    assert paths.dao_toml(None) == paths.dao_toml("dao.toml") == Path("../../dao.toml")
    assert paths.dao_toml("other.toml") == Path("other.toml")
    assert paths.shown(club / "deployments" / "1") == "deployments/1"
    assert paths.cache() == club / ".mikoshi"


def test_the_nearest_one_counts(club: Path) -> None:
    (club / "notes" / "dao.toml").touch()
    assert paths.community() == club / "notes"


def test_without_a_community_it_is_where_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert paths.community() == Path("/")


def test_a_checkout_keeps_its_cache_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(paths.ROOT / "mikoshi")
    assert paths.checkout() == paths.community() == paths.ROOT
    assert paths.cache() == paths.ROOT / ".cache"


def test_programs_come_from_path_then_the_folder_then_the_checkout(
    club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(club / "bin"))
    ours = paths.foundry_tool("anvil")
    assert ours.is_relative_to(paths.ROOT / "node_modules")
    inside = program(club / ours.parent.relative_to(paths.ROOT))
    assert paths.foundry_tool("anvil") == inside
    on_path = program(club / "bin")
    assert paths.foundry_tool("anvil") == on_path


def test_launchers_on_path_are_passed_over(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launchers = [program(club / "node_modules" / ".bin"), program(club / "tools" / "bin")]
    monkeypatch.setenv("PATH", ":".join(str(each.parent) for each in launchers))
    assert paths.foundry_tool("anvil").is_relative_to(paths.ROOT)


@pytest.mark.usefixtures("club")
def test_a_wheel_says_how_to_get_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(paths, "checkout", lambda: None)
    with pytest.raises(paths.ToolMissingError) as caught:
        paths.foundry_tool("anvil")
    assert caught.value.remedy == "npm install @foundry-rs/anvil"
