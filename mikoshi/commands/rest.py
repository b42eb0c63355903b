"""Take a pause from voting."""

from mikoshi.text.language import N_
from mikoshi.voting.standing import step_command

cli = step_command("Rest", N_("Rest: stay a member, without a voice until you wake."))
