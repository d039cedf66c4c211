"""The engine, installed, is whole: it loads its data, trains, and asks for NumPy alone."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

import gradcore as gc

ROOT = Path(__file__).parents[1]
# What a build reads, with rooms that it must leave out.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "requirements.txt", "app.py", "gradcore", "ui", "pages")
USE = """
import gradcore as gc

for name, info in gc.DATASETS.items():
    data = gc.load_dataset(name, n=60)
    network = gc.NetworkSpec(sizes=(info.features, 8, info.outputs), output=info.output)
    print(name, len(list(gc.train(network, gc.TrainingSpec(steps=3), data))))
print(gc.__file__)
"""


def python(*arguments, **settings):
    run = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **settings)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Install a copy of the tree, so that the build leaves nothing in the checkout; return where."""
    tree, target = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("installed")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tree)
    # Without isolation the build takes the setuptools of tests/requirements.txt and fetches nothing.
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-compile")
    python("-m", "pip", "install", *options, "--target", str(target), str(tree))
    return target


def test_every_file_of_the_engine_is_there_and_nothing_else(installed):
    assert {path.name for path in installed.iterdir() if path.suffix != ".dist-info"} == {"gradcore"}
    assert files(installed / "gradcore") == files(ROOT / "gradcore")
    assert (installed / "gradcore" / "py.typed").exists()


def test_it_loads_every_data_set_and_trains(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    *trained, where = python("-W", "error", "-c", USE, cwd=tmp_path, env=environment).splitlines()
    assert Path(where).is_relative_to(installed)
    assert [line.split()[0] for line in trained] == list(gc.DATASETS)
    assert {line.split()[1] for line in trained} == {"3"}


def test_it_requires_numpy_and_the_app_what_requirements_txt_names(installed):
    (distribution,) = distributions(path=[str(installed)])
    always, extra = set(), set()
    for requirement in distribution.requires:
        name = re.match(r"[\w-]+", requirement)[0]
        (extra if re.search(r"""extra == ["']app["']""", requirement) else always).add(name)
    listed = (ROOT / "requirements.txt").read_text(encoding="utf-8").split()
    assert always == {"numpy"}
    assert extra == {line.split("==")[0] for line in listed}
    assert distribution.metadata["License-Expression"] == "MIT"
