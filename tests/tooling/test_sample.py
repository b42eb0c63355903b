"""The sample in the root: what a newcomer reads first, and what the demo runs on."""

import re

import pytest

from mikoshi.config.load import load_config
from mikoshi.config.sections import SECTIONS
from mikoshi.testing.community import person
from mikoshi.text.paths import ROOT

TEXT = (ROOT / "dao.toml").read_text()


def test_sample_is_pm_dao_with_twelve_people_whose_keys_are_public() -> None:
    config = load_config(ROOT / "dao.toml")
    assert config.name == "PM DAO"
    assert [each.wallet for each in config.members] == [person(n).address for n in range(1, 13)]
    assert all(each.name for each in config.members)
    assert config.guardian is None
    assert config.steward is None
    assert config.accepted == ()


@pytest.mark.parametrize("section", SECTIONS)
def test_sample_shows_every_setting_with_comments_in_japanese_and_english(section: str) -> None:
    (table,) = re.findall(rf"(?:^|\n)(?:# )?\[{section}\]\n(.*?)(?=\n\n#|\Z)", TEXT, re.S)
    names = [each.name for each in SECTIONS[section].settings()]
    for name in names:
        found = re.search(rf"((?:^#[^\n]*\n)+)(?:# )?{name} = ", table, re.M)
        assert found, name
        comment = found[1]
        assert re.search(r"[ぁ-ん一-龥]", comment)
        assert re.search(r"^# [A-Z]", comment, re.M)
