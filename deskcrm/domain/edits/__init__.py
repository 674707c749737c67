"""Bulk edit: one field of many clients, tickets or tasks, rehearsed before it is done."""
