"""Views: filters worth keeping, for one person or for all."""
