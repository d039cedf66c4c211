"""Backprop by hand: a network small enough to see every number of one step, and where each comes from."""
