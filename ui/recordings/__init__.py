"""Recordings: the first steps of what is seen first, shipped with the app.

A panel plays them at once while the server trains the same run up to their end, and goes on live from there. They are
made by `python -m ui.recordings`, and found by what was run: other settings have none.
"""
