"""Erasure of a person on request: what goes, what stays, and the certificate of it."""
