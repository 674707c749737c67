"""Renewals to be decided: when, for how much, and what we expect to come of them."""
