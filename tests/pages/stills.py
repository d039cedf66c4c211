"""Figures at rest on a page, read from what the page sends to the browser."""

import json

import plotly.graph_objects as go


def stills(app):
    """Return the figures that a page draws at rest."""
    sent = [one.proto for one in app.get("bidi_component") if one.proto.component_name == "still"]
    return [go.Figure(chart["data"], chart["layout"]) for proto in sent for chart in json.loads(proto.json)["charts"]]
