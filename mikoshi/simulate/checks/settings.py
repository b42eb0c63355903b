"""Settings change as the words say, and none that was decided meanwhile is undone."""

from __future__ import annotations

from mikoshi.proposals.actions.parameters import PARAMETERS, shown
from mikoshi.simulate.simulation import Finding, Simulation
from mikoshi.text.language import pick


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
            text = pick(
                f"call {call.number} sets {name} to {wanted}, and a later call to {found}: put"
                " them into one `set parameter`",
                f"{call.number}番目の呼び出しは {name} を {wanted} にしますが、後の呼び出しで"
                f" {found} になります。1つの set parameter にまとめてください",
            )
            findings.append(Finding("failure", text))
    return findings


def _set_back(sim: Simulation) -> list[Finding]:
    """What goes back to what it was when the proposal was composed."""
    return [
        Finding(
            "warning",
            pick(
                f"it sets {each.setting} back from {each.to} to {each.back}: another proposal"
                " changes it first; compose this one again after that",
                f"別の提案が先に {each.setting} を {each.to} にしますが、この提案で {each.back} に"
                "戻ります。そのあとで作り直してください",
            ),
        )
        for each in sim.set_backs
    ]
