"""What did not get through when two people changed one thing: to choose from, or to let be."""
