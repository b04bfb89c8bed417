"""The office's log: its order in a Merkle tree, signed checkpoints, and what does not agree with it."""
