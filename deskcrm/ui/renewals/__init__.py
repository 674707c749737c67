"""Renewals, opportunities, signs of growth, and the ledger of promises."""
