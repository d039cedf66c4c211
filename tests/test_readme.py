"""The README's example prints what the README says it prints, and its commands name what is there."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ACCURACY = re.compile(r"accuracy ([\d.]+)%")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", README[README.index("## The engine") :], re.DOTALL)[1]


def test_the_example_is_short_and_prints_what_is_written():
    code = block("python")
    assert len([line for line in code.splitlines() if line.strip()]) <= 20
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(code, "README.md", "exec"), {})
    # Training makes much of the last digits, which differ where the matrix products do.
    assert words(output.getvalue()) == words(block("text"))
    assert accuracies(output.getvalue()) == pytest.approx(accuracies(block("text")), abs=3)


def words(text):
    return re.sub(r"[\d.]+·10⁻", "#·10⁻", ACCURACY.sub("accuracy", text))


def accuracies(text):
    return [float(found) for found in ACCURACY.findall(text)]


def test_commands_name_files_that_exist():
    for path in (
        "requirements.txt",
        "app.py",
        "tests/run",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "gradcore/data/files/README.md",
        "examples/vanishing.ipynb",
    ):
        assert path in README
        assert (ROOT / path).exists()


def test_the_passes_shown_are_those_of_the_textbook_as_they_stand():
    section = README[README.index("## How it works") : README.index("## Where things are")]
    shown = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    source = (ROOT / "gradcore" / "textbook.py").read_text(encoding="utf-8")
    assert "def forward(" in shown
    assert "def backward(" in shown
    for function in shown.rstrip("\n").split("\n\n\n"):
        assert f"\n\n\n{function}\n\n\n" in source
    assert f"the whole story in {len(source.splitlines())} lines" in section
