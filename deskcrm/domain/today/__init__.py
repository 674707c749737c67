"""Whom to contact today, and why."""
