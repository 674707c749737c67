"""Figures that other systems send: usage, invoices and departures (docs/feeds.md)."""
