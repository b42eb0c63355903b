"""What members sign: ballots and other acts, as typed data, as files in words, and in batches."""
