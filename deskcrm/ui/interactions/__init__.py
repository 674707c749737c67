"""What was said with clients: the timeline, and logging it."""
