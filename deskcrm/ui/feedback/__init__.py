"""Feedback: the screen of answers, suggestions and forms, and the card that asks."""
