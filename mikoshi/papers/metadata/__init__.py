"""Static files that describe a DAO to wallets, markets and directories: ERC-7572 and ERC-4824."""
