"""What we promised clients: found while typing, kept or broken."""
