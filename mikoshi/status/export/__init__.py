"""What is done with a proposal, written down for others to send: a Safe, `cast`, an offline key."""
