"""Tags: words that a team puts on clients and on tickets."""
