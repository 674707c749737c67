"""Contracts: what a client pays for, and until when."""
