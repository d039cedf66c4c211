"""One file an experiment: experiment(seed) → Result."""
