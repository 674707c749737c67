"""Playbooks: where they run and how far they are, and what they are made of."""
