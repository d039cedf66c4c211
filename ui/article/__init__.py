"""The article's claims, each with an experiment that a visitor predicts and runs."""
