"""A DAO's life, played: the demo, simulated communities, the benchmark."""
