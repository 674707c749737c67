"""Takes data out, and everything back in: views as files, the whole workspace as an archive."""
