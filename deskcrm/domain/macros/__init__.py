"""Macros: several things that are always done together in a ticket, done as one step."""
