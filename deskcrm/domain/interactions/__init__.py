"""What was said between a client and us, over every channel, in one timeline."""
