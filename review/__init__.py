"""Keep people's decisions on findings."""
