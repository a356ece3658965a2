"""Read a TOML file into a pydantic model, naming every fault in it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Form = TypeVar("Form", bound=BaseModel)


def read_toml(path: str | Path, form: type[Form]) -> Form:
    """Read a file that must have a certain form.

    Parameters
    ----------
    path : path-like
        Of a TOML file.
    form : type
        A pydantic model.

    Returns
    -------
    BaseModel
        Of type `form`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not TOML or not in the form; the message names every fault.
    """
    path = Path(path)
    try:
        return form.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: not a TOML file: {error}") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'file'}: "
            f"{re.sub('^Value error, ', '', fault['msg'])}"
            for fault in error.errors()
        )
        raise ValueError(f"{path}: {faults}") from error
