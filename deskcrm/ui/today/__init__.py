"""Today: whom to contact now, and why."""
