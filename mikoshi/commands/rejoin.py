"""Come back after leaving."""

from mikoshi.voting.step import step_command

cli = step_command(
    "Rejoin",
    "Come back with the same number; it accepts the charter.",
)
