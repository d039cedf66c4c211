"""A figure that does not move, drawn by the same plotly.js as those that do."""

from __future__ import annotations

import json
from hashlib import sha256

import plotly.graph_objects as go

from ui.panel.component import SHARED, component_of

_component = component_of(
    "still", '<section class="panel still"><div class="charts"></div></section>', (*SHARED, "still.js")
)


def still(figure: go.Figure, sentence: str, key: str) -> None:
    """Draw a figure; its title stands above it.

    Parameters
    ----------
    figure : go.Figure
    sentence : str
        What it shows, for who cannot see it.
    key : str
    """
    plain = json.loads(figure.to_json())
    title = plain["layout"].pop("title", {}).get("text", "")
    form = sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    spec = {
        "name": key.rsplit(".", 1)[-1],
        "place": "still",
        "caption": title,
        "sentence": sentence,
        "bindings": [],
        "data": plain["data"],
        "layout": plain["layout"],
    }
    _component(key=key, data={"form": form, "charts": [spec]})
