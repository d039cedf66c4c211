"""Keeps the house rules: imports go one way, and the session and the data have one keeper each."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]
UI = sorted((ROOT / "ui").rglob("*.py"))
ENGINE = sorted((ROOT / "gradcore").rglob("*.py"))
STATE = ROOT / "ui" / "state.py"
DATA_SETS = ROOT / "ui" / "data_sets.py"


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path):
    """Return the top-level names of all modules that a file imports, however deep in it."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module.split(".")[0])
    return names


def modules(path):
    """Return the full names of all modules and names that a file imports from ui."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def attributes(path):
    return {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def test_there_is_something_to_check():
    assert len(PAGES) >= 2
    assert len(UI) >= 8
    assert len(ENGINE) >= 15


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: path.name)
def test_the_engine_imports_numpy_and_the_standard_library_only(path):
    assert imported(path) <= {"numpy", "gradcore"} | sys.stdlib_module_names


# Each room of the engine, above what it uses; files beside the rooms that import nothing may be used by all.
ROOMS = ["kernels", "functions", "specs", "data", "network", "records", "training", "diagnosis"]
FREE = {"checks", "numbers"}


def is_engine_file(parts):
    return (ROOT / "gradcore" / Path(*parts)).with_suffix(".py").is_file()


def engine_imports(path):
    """Return the engine's modules that a file imports, as parts: ("kernels", "layout"), ("specs", "__init__")."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "gradcore":
            parts = node.module.split(".")[1:]
            for name in node.names:
                choices = [tuple(parts), (*parts, name.name), (*parts, "__init__")]
                found.add(next(filter(is_engine_file, choices)))
    return found


def test_every_room_of_the_engine_has_its_place_and_few_files_lie_outside():
    top = {path.stem for path in ENGINE if path.parent == ROOT / "gradcore"} - {"__init__", "__main__", "textbook"}
    rooms = {path.parent.name for path in ENGINE if path.parent != ROOT / "gradcore"}
    assert top | rooms == {*ROOMS, *FREE}
    assert len([path for path in (ROOT / "gradcore").iterdir() if path.is_file()]) <= 8


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_of_the_engine_goes_up(path):
    room = path.relative_to(ROOT / "gradcore").with_suffix("").parts[0]
    used = {parts[0] for parts in engine_imports(path)} - FREE
    if room == "__init__":
        return
    assert room in ROOMS or not used
    assert all(ROOMS.index(other) <= ROOMS.index(room) for other in used)


def test_the_engines_files_import_each_other_in_no_circle():
    below = {path.relative_to(ROOT / "gradcore").with_suffix("").parts: engine_imports(path) for path in ENGINE}
    assert sum(map(len, below.values())) > 60
    while below:
        free = {module for module, used in below.items() if not used & below.keys()}
        assert free, f"a circle among {sorted(below)}"
        below = {module: used for module, used in below.items() if module not in free}


@pytest.mark.parametrize("path", UI, ids=lambda path: str(path.relative_to(ROOT)))
def test_ui_never_imports_a_page(path):
    assert not imported(path) & {"app", "pages"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_reaches_the_engine_through_ui(path):
    assert imported(path) <= {"streamlit", "ui"}
    assert "ui.state" not in modules(path)


@pytest.mark.parametrize("path", [path for path in UI if path.parent.name == "figures"], ids=lambda path: path.name)
def test_figures_do_not_know_streamlit(path):
    assert "streamlit" not in imported(path)


@pytest.mark.parametrize("path", [*PAGES, *UI, *ENGINE], ids=lambda path: str(path.relative_to(ROOT)))
def test_only_state_touches_session_and_address(path):
    touched = attributes(path) & {"session_state", "query_params"}
    assert bool(touched) == (path == STATE)


@pytest.mark.parametrize("path", [*PAGES, *UI], ids=lambda path: str(path.relative_to(ROOT)))
def test_only_data_sets_asks_the_engine_which_data_there_are(path):
    asked = attributes(path) & {"DATASETS", "load_dataset"}
    assert bool(asked) == (path == DATA_SETS)
    assert not any(module.startswith("gradcore.data") for module in modules(path))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_stay_thin(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60
    arithmetic = [node for node in ast.walk(tree(path)) if isinstance(node, ast.BinOp)]
    assert not arithmetic
