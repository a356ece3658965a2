"""What the owner of a project sets: what the export's columns mean, and what reviewers are told."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator

FACTS = ("team", "handler", "grade", "da_flag", "risk", "closing", "call_type")
"""Columns of an export that the review room knows by meaning, beside id, text, time and person."""

FLAGGED_VALUES = ("y", "yes", "true", "1", "da", "dv")
"""Values of the domestic-abuse flag that mean it was set, in small letters."""

UNGRADED_VALUES = ("", "none", "n/a", "na", "nil", "not done", "not completed", "refused")
"""Values of the risk assessment that mean that no risk was graded, in small letters."""

SUPPORT_LINES = (
    "Call notes can be distressing to read. Take breaks, and talk to someone you trust, your "
    "supervisor or your organisation's staff support."
)
"""Shown until the owner sets lines of their own; names no service, as those differ by country."""

BREAK_MINUTES = 45
"""After how long a reader is reminded to take a break. Our choice; 0 for never."""

MINIMUM_COUNT = 5
"""Smaller counts are not shown in figures by team, call type or month. Our choice; offices of
statistics commonly use 5 or 10."""


class Settings(BaseModel):
    """Settings of a project.

    Parameters
    ----------
    flagged_values, ungraded_values : tuple of str
        Values of the flag that mean *flagged*, of the risk assessment that mean *not graded*.
    no_action_values : tuple of str
        Closing codes that mean *no further action*; empty until the owner names them.
    support : str
        A helpline and staff-support line in the owner's words, shown as text.
    break_minutes : int
        After how long to remind of a break; 0 for never.
    minimum_count : int
        Smaller counts are not shown.
    handlers_for : tuple of str
        Roles that may see figures by handler.
    seed : int
        Of the random order of notes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    flagged_values: tuple[str, ...] = FLAGGED_VALUES
    ungraded_values: tuple[str, ...] = UNGRADED_VALUES
    no_action_values: tuple[str, ...] = ()
    support: str = Field(SUPPORT_LINES, max_length=2000)
    break_minutes: int = Field(BREAK_MINUTES, ge=0, le=480)
    minimum_count: int = Field(MINIMUM_COUNT, ge=1, le=100)
    handlers_for: tuple[str, ...] = ("lead",)
    seed: int = Field(0, ge=0)

    @field_validator("flagged_values", "ungraded_values", "no_action_values")
    @classmethod
    def _fold(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        """Compare without regard to case and outer white space."""
        return tuple(dict.fromkeys(value.strip().casefold() for value in values))

    def is_flagged(self, value: str | None) -> bool:
        """Tell whether a value of the domestic-abuse flag means that it was set.

        Parameters
        ----------
        value : str or None
            Of the export.

        Returns
        -------
        bool
            Not for an empty one.
        """
        return (value or "").strip().casefold() in self.flagged_values

    def is_graded(self, value: str | None) -> bool:
        """Tell whether a value of the risk assessment means that risk was graded.

        Parameters
        ----------
        value : str or None
            Of the export.

        Returns
        -------
        bool
            Not for an empty one.
        """
        folded = (value or "").strip().casefold()
        return bool(folded) and folded not in self.ungraded_values

    def is_no_action(self, value: str | None) -> bool:
        """Tell whether a closing code means that nothing further was done.

        Parameters
        ----------
        value : str or None
            Of the export.

        Returns
        -------
        bool
            Never, until the owner named such codes.
        """
        return (value or "").strip().casefold() in self.no_action_values
