"""What clients ask of us: the ticket, its thread and its states."""
