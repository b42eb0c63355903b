"""Come back after leaving."""

from mikoshi.text.language import N_
from mikoshi.voting.standing import step_command

cli = step_command("Rejoin", N_("Come back with the same number; it accepts the charter."))
