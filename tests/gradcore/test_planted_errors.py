"""Errors planted one by one in a copy of the engine are found, and by the check that should find them.

So the gradient check, and the facts worked by hand beside it, can fail: a green one says something.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gradcore
from tests.gradcore.planted_errors import ERRORS

ENGINE, CHECK = Path(gradcore.__file__).parent, Path(__file__).with_name("engine_check.py")


@pytest.fixture
def copy(tmp_path):
    """Return a folder with a copy of the engine's code; its data sets are not needed."""
    shutil.copytree(ENGINE, tmp_path / "gradcore", ignore=shutil.ignore_patterns("files", "__pycache__"))
    return tmp_path


def check(copy, *names):
    """Return the exit code of these checks of a copy, or of all, and what they found."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(CHECK), str(copy), *names]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=60)
    assert not done.stderr, done.stderr  # a copy that crashes or warns was not found out by a check
    return done.returncode, done.stdout


def plant(copy, file, old, new):
    path = copy / "gradcore" / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands in {file} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_engine_as_it_is_passes_every_check(copy):
    assert check(copy) == (0, "")


@pytest.mark.parametrize("name", ERRORS)
def test_a_planted_error_is_found(copy, name):
    error = ERRORS[name]
    plant(copy, error.file, error.old, error.new)
    code, found = check(copy, error.found_by)
    assert code == 1
    assert found.startswith(f"wrong: {error.found_by}: ")


def test_the_planted_errors_all_differ():
    assert len({error[:3] for error in ERRORS.values()}) == len(ERRORS) >= 22
