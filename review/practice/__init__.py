"""The practice room: exercises of marked notes, attempts of trainees, what a group saw."""
