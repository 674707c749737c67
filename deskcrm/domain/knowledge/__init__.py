"""Knowledge: what we know how to answer, what we promise every client, and where we are going."""
