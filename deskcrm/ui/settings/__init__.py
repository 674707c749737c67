"""The page on which everything is set."""
