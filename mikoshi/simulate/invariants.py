"""What `check` would find wrong after a proposal that was not wrong before it."""

from __future__ import annotations

from mikoshi.check.code import compare_code
from mikoshi.check.report import Difference
from mikoshi.check.state import compare_state
from mikoshi.check.wiring import compare_wiring
from mikoshi.core.manifest import Manifest
from mikoshi.simulate.stage import StageMoment


def read_differences(
    manifest: Manifest, before: StageMoment, after: StageMoment
) -> list[Difference]:
    """New differences in wiring, code and the state that follows from the events.

    Roles and settings may be changed by any vote; they are shown as what they become.
    """
    found = compare_state(after.rebuilt, after.snapshot, since=before.rebuilt).differences
    fixed = _fixed(manifest, after)
    if fixed:
        known = _fixed(manifest, before)
        found += [each for each in fixed if each not in known]
    return found


def _fixed(manifest: Manifest, moment: StageMoment) -> list[Difference]:
    contracts = moment.rebuilt.dao.contracts
    wiring = compare_wiring(manifest, moment.rebuilt, moment.snapshot)
    code = compare_code(manifest, moment.snapshot, contracts)
    return wiring.differences + code.differences
