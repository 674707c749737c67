"""The back-test: what the score would have said in months gone by, under weights that one moves."""
