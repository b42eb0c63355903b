"""Take part again after a pause."""

from mikoshi.voting.step import step_command

cli = step_command(
    "Wake",
    "Wake up: be counted and heard again; it accepts the charter.",
)
