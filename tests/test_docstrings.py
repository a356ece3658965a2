"""Every public function and class says what it does, takes and gives, in numpydoc."""

import importlib
import inspect
import pkgutil

import pytest
from numpydoc.validate import validate

import classifier
import review
import training

CHECKED = {
    "GL01",  # text starts on the first line
    "GL03",  # no double blank lines
    "GL08",  # there is a docstring
    "SS01",  # a summary
    "SS03",  # that ends with a full stop
    "SS05",  # in the imperative
    "PR01",  # all parameters
    "PR02",  # no unknown ones
    "PR03",  # in their order
    "PR04",  # with types
    "RT01",  # a section on what is returned
    "RT03",  # in words
    "YD01",  # or yielded
}


def modules():
    for package in (classifier, training, review):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name != "training.vectors":  # needs torch
                yield importlib.import_module(found.name)
    yield importlib.import_module("cli")


def public_names():
    for module in modules():
        for name, thing in vars(module).items():
            if (
                name.startswith("_")
                or getattr(thing, "_is_protocol", False)
                or getattr(thing, "__module__", None) != module.__name__
            ):
                continue
            if inspect.isfunction(thing) or inspect.isclass(thing):
                yield f"{module.__name__}.{name}"
            if inspect.isclass(thing):
                for part, value in vars(thing).items():
                    if not part.startswith("_") and inspect.isfunction(value):
                        yield f"{module.__name__}.{name}.{part}"


def is_command(name):
    return name.startswith(("cli.", "training.commands."))


@pytest.mark.parametrize("name", sorted(set(public_names())))
def test_docstring_is_numpydoc(name):
    codes = CHECKED - ({"PR01", "RT01"} if is_command(name) else set())
    faults = [f"{code} {message}" for code, message in validate(name)["errors"] if code in codes]
    assert not faults


def scarce(text, count):
    """Count.

    Parameters
    ----------
    text : str
        A text.
    """


def test_check_sees_a_parameter_that_is_not_described():
    assert "PR01" in {code for code, _ in validate(f"{__name__}.scarce")["errors"]}
