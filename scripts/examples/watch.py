"""Wait for what is being decided, and execute what has passed: `ape run examples watch`.

Anybody may execute. The passphrase comes from the environment, `APE_ACCOUNTS_hana_PASSPHRASE=…`.
"""

from time import sleep

from ape import accounts
from ape.exceptions import ContractLogicError

from mikoshi import DAO

ACCOUNT = "hana"
SECONDS = 60


def main() -> None:
    """Go on until nothing waits any more."""
    dao, hana = DAO.load(), accounts.load(ACCOUNT)
    hana.set_autosign(True)
    failed: set[int] = set()
    while True:
        waiting = [each for each in dao.proposals if each.waits and each.number not in failed]
        if not waiting:
            return
        for proposal in waiting:
            if proposal.state.name == "QUEUED" and dao.now >= proposal.ready:
                try:
                    proposal.execute(sender=hana)
                except ContractLogicError as error:
                    failed.add(proposal.number)
                    print(proposal, error)
                else:
                    print(proposal)
        sleep(SECONDS)
