"""Files that belong to a client's story, kept inside the encrypted store."""
