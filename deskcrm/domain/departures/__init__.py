"""Clients that leave: when they said so, when they were gone, and why."""
