"""The page: one file a screen."""
