"""Several accounts vote, each as it likes: `ape run examples votes`.

Nobody is asked: the passphrases come from the environment, `APE_ACCOUNTS_hana_PASSPHRASE=…`.
"""

from ape import accounts

from mikoshi import DAO

PROPOSAL = 1
CHOICES = {"hana": "for", "ken": "for", "yuki": "abstain"}


def main() -> None:
    """Vote for whom has not voted."""
    dao = DAO.load()
    proposal = dao.proposal(PROPOSAL)
    for alias, choice in CHOICES.items():
        account = accounts.load(alias)
        if dao.governor.hasVoted(proposal.id, account):
            print(f"{alias} has voted before")
            continue
        account.set_autosign(True)
        proposal.vote(choice, sender=account)
        print(f"{alias} voted {choice}")
