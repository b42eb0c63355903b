"""Take a pause from voting."""

from mikoshi.voting.step import step_command

cli = step_command(
    "Rest",
    "Rest: stay a member, without a voice until you wake.",
)
