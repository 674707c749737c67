"""Invoices on a client's page: what is owed, what is late, and what became of the rest."""
