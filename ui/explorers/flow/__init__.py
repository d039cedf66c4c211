"""Gradient flow: the weights' part of each layer's factor, the slopes' part, and what the cures do to both."""
