"""Parts beside the core, which come and go by vote."""
