"""What is done with a proposal, written down for others to send: a Safe, `cast`, an offline key."""

from mikoshi.export.compose import errand_on, proposing_file
from mikoshi.export.errand import Errand
from mikoshi.export.formats import FORMATS
from mikoshi.export.write import write

__all__ = ["FORMATS", "Errand", "errand_on", "proposing_file", "write"]
