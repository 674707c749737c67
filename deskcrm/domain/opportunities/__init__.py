"""Clients who might take more of us: the signs of it, and what is being made of them."""
