"""Plant an error in the engine, in this process and for a while: put something wrong in the place of a name."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import wraps
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import gradcore

# All of them, so that none is imported while an error is planted, and keeps it.
MODULES = [gradcore] + [
    import_module(module.name)
    for module in walk_packages(gradcore.__path__, "gradcore.")
    if not module.name.endswith("__main__")
]


class Planted(NamedTuple):
    """An error, and the check of engine_check.py that must find it.

    Attributes
    ----------
    name : str
        What is wrong, dotted: a module's function or constant, a method, or a field of a registry's entry
        ("gradcore.functions.initializers.INITIALIZERS.he_normal.std").
    found_by : str
        Name in CHECKS.
    wrong : callable, or the wrong constant
        wrong(right, *arguments) is called in the place of right(*arguments); a method's first argument is its object.
    """

    name: str
    found_by: str
    wrong: Any


@contextmanager
def plant(name: str, wrong: Any):
    """Put something wrong in the place of a name, as `Planted` says, and at the end put back what was there.

    Raises
    ------
    LookupError
        If the engine has no such name.
    TypeError
        If one of the two is a function and the other is not.
    RuntimeError
        At the end, if the replacement of a function was never called: no check could have found the error.
    """
    holder, key = _holder(name)
    right = _held(holder)[key]
    if callable(right) != callable(wrong):
        raise TypeError(f"{name} is {right!r}, and cannot be replaced by {wrong!r}")
    calls: list[str] = []
    replacement = _replacement(right, wrong, calls) if callable(right) else wrong
    places = _places(right, key) if isinstance(holder, ModuleType) else [(holder, key)]
    _put(places, replacement)
    try:
        yield
    finally:
        _put(places, right)
    if callable(right) and not calls:
        raise RuntimeError(f"the replacement of {name} was never called")


def _replacement(right: Callable[..., Any], wrong: Callable[..., Any], calls: list[str]) -> Callable[..., Any]:
    """Return what calls `wrong`, and notes that it was called."""

    @wraps(right)
    def replacement(*args: Any, **kwargs: Any) -> Any:
        calls.append(right.__name__)
        return wrong(right, *args, **kwargs)

    return replacement


def _holder(name: str) -> tuple[Any, str]:
    """Return the module, class, registry or entry that has the last part of a dotted name, and that part."""
    above, here = None, {"gradcore": gradcore}
    for part in name.split("."):
        held = _held(here)
        if part not in held:
            raise LookupError(f"there is no {name}: {part!r} is missing")
        above, here = here, held[part]
    return above, part


def _held(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else getattr(holder, "__dict__", {})


def _places(right: Any, key: str) -> list[tuple[Any, str]]:
    """Return where the engine holds what a module has under the name `key`.

    A function may have any name in any module, and be an entry of a registry or an entry's field. A constant is only
    looked for by its own name: under another one the same number may mean something else.
    """
    places: list[tuple[Any, str]] = []
    for module in MODULES:
        for name, value in vars(module).items():
            if value is right and (callable(right) or name == key):
                places.append((module, name))
            if isinstance(value, dict) and callable(right):
                places += [(value, one) for one, entry in value.items() if entry is right]
                places += [(entry, field) for entry in value.values() for field in _fields_with(entry, right)]
    return places


def _fields_with(entry: Any, value: Any) -> list[str]:
    if isinstance(entry, type) or not is_dataclass(entry):
        return []
    return [field.name for field in fields(entry) if getattr(entry, field.name) is value]


def _put(places: list[tuple[Any, str]], value: Any) -> None:
    """Put a value in all places, and forget results that were computed with what was there before."""
    for holder, key in places:
        if isinstance(holder, dict):
            holder[key] = value
        elif isinstance(holder, ModuleType | type):
            setattr(holder, key, value)
        else:
            object.__setattr__(holder, key, value)  # entries are frozen
    for module in MODULES:
        for cache in vars(module).values():
            if hasattr(cache, "cache_clear"):
                cache.cache_clear()
            elif isinstance(cache, WeakKeyDictionary):
                cache.clear()
