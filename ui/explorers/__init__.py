"""Explorers: screens on which what is dragged in the browser is computed by the engine and painted at once."""
