"""That a client leaves, on its page: noted, put right, taken back."""
