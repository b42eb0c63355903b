"""The rewards of a month, from a table, as one proposal: `ape run examples rewards`.

The table says who gets what; people are named by number or as in the members' file:

    who,tokens,merit
    #7,100 PMC,50 points
    Hana,20 PMC,
"""

import csv
from pathlib import Path

from ape import accounts

from mikoshi import DAO

ACCOUNT = "hana"
TABLE = Path("rewards.csv")
TITLE = "Rewards of November"


def main() -> None:
    """Propose it, and show what would be executed."""
    dao, hana = DAO.load(), accounts.load(ACCOUNT)
    with TABLE.open(encoding="utf-8-sig", newline="") as table:
        rows = [{"do": "reward", "to": row.pop("who"), **row} for row in csv.DictReader(table)]
    actions = [{name: said for name, said in row.items() if said} for row in rows]
    proposal = dao.propose(TITLE, actions, sender=hana)
    print(proposal, *proposal.actions, sep="\n")
