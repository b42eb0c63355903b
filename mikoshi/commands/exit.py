"""Leave the DAO."""

from mikoshi.voting.step import step_command

cli = step_command(
    "Exit",
    "Leave; the ticket is burned. Your number, merit and history stay.",
)
