"""The example notebook runs, is short, and its picture shows what its title says."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest

NOTEBOOK = Path(__file__).parents[1] / "examples" / "vanishing.ipynb"


@pytest.fixture(scope="module")
def code():
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
    return ["".join(cell["source"]) for cell in cells]


def test_it_is_short_and_ends_with_its_picture(code):
    lines = [line for line in "\n".join(code).splitlines() if line.strip()]
    assert len(lines) <= 24
    last = ast.parse(code[-1]).body[-1]
    assert isinstance(last, ast.Expr)
    assert last.value.id == "figure"


def test_its_picture_shows_one_gradient_vanish_and_one_reach_the_first_layer(code):
    left = {}
    for cell in code:
        exec(compile(cell, NOTEBOOK.name, "exec"), left)
    figure = left["figure"]
    sigmoid, relu = (np.asarray(trace.y, float) for trace in figure.data)
    for gradient in (sigmoid, relu):
        assert gradient.shape == (11,)
        assert np.isfinite(gradient).all()
        assert (gradient > 0).all()
    assert sigmoid[0] < sigmoid[-1] / 1000
    assert relu[0] > relu[-1] / 100
    assert figure.layout.yaxis.type == "log"
    assert all(axis.title.text for axis in (figure.layout.xaxis, figure.layout.yaxis))
