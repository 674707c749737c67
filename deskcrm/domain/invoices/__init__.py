"""What clients were billed, by when it is due, and when they paid."""
