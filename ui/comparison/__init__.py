"""Initializers side by side: what is compared, how it runs, what it shows."""
