"""What lawyers, wallets and directories read about a DAO."""
