"""Settings change as the words say, and none that was decided meanwhile is undone."""

from __future__ import annotations

from mikoshi.proposals.actions.parameters import PARAMETERS, shown
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import N_


def check(sim: Simulation) -> list[Finding]:
    """A failure for each setting that a later call undoes, a warning for one that is set back."""
    return [*_undone(sim), *_set_back(sim)]


def _undone(sim: Simulation) -> list[Finding]:
    """Each call sets all settings of a contract: to what they are now where it names none."""
    findings = []
    for call in sim.calls if sim.outcome.success else []:
        for name, value in call.settings.items():
            part, field = PARAMETERS[name]
            left = sim.parameters[part][field]
            if left == value:
                continue
            wanted, found = (shown(name, each, sim.book) for each in (value, left))
            findings.append(
                Finding(
                    "failure",
                    "setting.undone",
                    N_(
                        "call {number} sets {name} to {wanted}, and a later call to {found}: put "
                        "them into one `set parameter`"
                    ),
                    number=call.number,
                    name=name,
                    wanted=wanted,
                    found=found,
                )
            )
    return findings


def _set_back(sim: Simulation) -> list[Finding]:
    """What goes back to what it was when the proposal was composed."""
    return [
        Finding(
            "warning",
            "setting.set-back",
            N_(
                "it sets {setting} back from {to} to {back}: another proposal changes it "
                "first; compose this one again after that"
            ),
            setting=each.setting,
            to=each.to,
            back=each.back,
        )
        for each in sim.set_backs
    ]
