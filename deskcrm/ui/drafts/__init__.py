"""Forms that keep what is being written until it is saved, also through a crash."""
