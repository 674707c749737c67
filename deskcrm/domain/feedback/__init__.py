"""Feedback: forms, what clients answered to them and how, and what came of a low answer."""
