"""Take part again after a pause."""

from mikoshi.text.language import N_
from mikoshi.voting.standing import step_command

cli = step_command("Wake", N_("Wake up: be counted and heard again; it accepts the charter."))
