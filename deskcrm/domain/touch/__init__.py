"""How often we want to be in touch with whom, and who is going cold."""
