"""Moves changes between workstations and their server; knows no CRM words."""
