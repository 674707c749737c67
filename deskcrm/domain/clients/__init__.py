"""Clients: the companies and persons that everything here is about."""
