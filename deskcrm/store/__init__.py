"""The only room that opens a database; knows no CRM words."""
