"""How much each client uses what we sell, as the product's own counters say."""
