"""Contracts: what a client pays, until when, and by when it is decided."""
