"""The window of an erasure: what goes, what is chosen, and the certificate."""
