"""Talks: scenes in order, each one screen's picture with its sentence, a question and a note for the speaker."""
