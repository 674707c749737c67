"""A believable workspace to look around in and to measure with, in English, Russian or both."""
