"""Teams: who works with whom."""
