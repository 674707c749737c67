"""Macros: chosen over a ticket, shown before they are applied, and written in the settings."""
