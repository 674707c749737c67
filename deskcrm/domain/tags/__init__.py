"""Tags: words that a team puts on clients."""
