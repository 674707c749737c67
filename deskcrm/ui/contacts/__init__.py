"""Contacts: the people at a client, and how to reach them."""
