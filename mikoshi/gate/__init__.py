"""The gate of a community: who signs in with their wallet (ERC-4361), and is a member now."""
