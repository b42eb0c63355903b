"""Leave the DAO."""

from mikoshi.text.language import N_
from mikoshi.voting.standing import step_command

cli = step_command("Exit", N_("Leave; the ticket is burned. Your number, merit and history stay."))
