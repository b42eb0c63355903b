"""A season of a small community, played on a chain of its own."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mikoshi.chain.node import Node, NodeOptions
from mikoshi.config.model import Config
from mikoshi.core import artifacts
from mikoshi.play.demo.beginning import found, lend
from mikoshi.play.demo.ending import audit, decide
from mikoshi.play.demo.grant import ballots, execute
from mikoshi.play.demo.result import as_json, failure
from mikoshi.play.demo.scene import Scene, show
from mikoshi.play.demo.season import Season
from mikoshi.play.demo.silence import fall_silent, lapse
from mikoshi.text.console import Console
from mikoshi.text.json import Json
from mikoshi.text.language import _

StoryAct = Callable[[Season], Scene]

ACTS: tuple[StoryAct, ...] = (
    found,
    lend,
    ballots,
    execute,
    fall_silent,
    lapse,
    decide,
    audit,
)
"""The story, in order."""


def play(config: Config, out: Console, acts: Sequence[StoryAct] | None = None) -> Json:
    """Play `acts` (all of them if None) on a fresh local chain; the result.

    Each is shown when it is over. Raises BadInputError if dao.toml does not go with the story, and
    CheckFailedError if a check fails.
    """
    began, acts = time.monotonic(), acts or ACTS
    with out.progress(_("compiling the contracts, once")):
        artifacts.project()
    options = NodeOptions(chain_id=config.chain_id, history=True)
    with Node(options) as node, tempfile.TemporaryDirectory() as folder:
        season = Season(node, config, Path(folder))
        for position, act in enumerate(acts, 1):
            with out.progress(_("a season passes"), len(acts)) as advance:
                advance(position - 1)
                scene = act(season)
            season.checks |= scene.checks
            show(out, scene, f"{position}/{len(acts)}", season.when())
        result = as_json(season, time.monotonic() - began)
    if not all(season.checks.values()):
        raise failure(result)
    return result
