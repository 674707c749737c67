"""What is done when something happens at a client: steps, by whom, and how far they are."""
