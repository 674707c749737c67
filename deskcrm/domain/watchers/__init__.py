"""Watchers: who wants to hear of a ticket that is not theirs."""
