"""An index whose bytes a disk has made wrong: refused in short, or right for all that.

As many as FUZZ says, 100 otherwise, the same ones each time.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mikoshi.index.index import Index
from mikoshi.testing.community import Community
from mikoshi.testing.defaults import POINT
from mikoshi.text.errors import BadInputError
from tests.tooling.indexing import read, truth
from tests.tooling.mutations import FUZZ, LONGEST


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """The bytes of a file, some of them others, or some of them lost."""
    found = bytearray(content)
    if chance.random() < 0.1:
        return bytes(found[: chance.randrange(1, len(found))])
    start = chance.randrange(100, len(found))
    for _ in range(chance.choice([1, 1, 4, 64])):
        place = start if chance.random() < 0.5 else chance.randrange(100, len(found))
        found[place] = chance.randrange(256)
    return bytes(found)


def test_damaged_index_is_refused_or_right(
    community: Community, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "often", 2)  # states are kept from the first events on
    path = tmp_path / "index.sqlite"
    community.as_treasury(community.dao.membership, "credit", 1, POINT, 0, bytes(32))
    expected = read(path, community)
    assert expected == truth(community)
    content, chance = path.read_bytes(), random.Random("index")
    refused: list[tuple[str, int]] = []
    for _ in range(FUZZ):
        path.write_bytes(spoiled(content, chance))
        try:
            same = read(path, community) == expected
        except BadInputError as error:  # which is not kept: its frames hold the file
            refused.append((error.kind, max(map(len, error.lines))))
            continue
        assert same
    kinds = {kind for kind, _ in refused}
    assert kinds <= {"index.damaged", "index.not-an-index", "index.of-another"}
    assert max(longest for _, longest in refused) < LONGEST
    assert FUZZ / 3 < len(refused) < FUZZ
