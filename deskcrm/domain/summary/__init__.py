"""What stands for a client in a list: last contact, open work, next dates; worked out, not kept."""
