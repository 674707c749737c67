"""Import: a file, what its columns hold, what would come of every row, and what came of it."""
