"""Who is away, beside the names; planning it; and the packet that is handed over."""
