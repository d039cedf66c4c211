"""Saturation: how much of the gradient an activation lets through, on the inputs that it really gets."""
