"""Errors planted one by one in the engine are found, and by the check that should find them.

So the gradient check, and the facts worked by hand beside it, can fail: a green one says something.
"""

import pytest

from tests.gradcore.engine_check import CHECKS
from tests.gradcore.planted.errors import ERRORS
from tests.gradcore.planted.planting import plant


def what_is_wrong(check):
    """Return the failure of a check of this name, None if it passes."""
    try:
        CHECKS[check]()
    except AssertionError as failure:
        return failure
    return None


@pytest.mark.parametrize("name", ERRORS)
def test_a_planted_error_is_found_and_is_gone_afterwards(name):
    error = ERRORS[name]
    with plant(error.name, error.wrong):
        assert what_is_wrong(error.found_by) is not None
    assert what_is_wrong(error.found_by) is None


# This follows the errors, and so would find whatever one of them leaves behind.
@pytest.mark.parametrize("check", CHECKS)
def test_the_engine_as_it_is_passes_every_check(check):
    assert what_is_wrong(check) is None


def test_every_check_finds_an_error():
    assert {error.found_by for error in ERRORS.values()} == set(CHECKS)


def test_the_planted_errors_all_differ():
    def content(wrong):
        code = getattr(wrong, "__code__", None)
        return (code.co_code, code.co_consts, code.co_names) if code else repr(wrong)

    assert len({(error.name, content(error.wrong)) for error in ERRORS.values()}) == len(ERRORS) >= 80
