"""What every screen is built from: knows Qt, knows no CRM words."""
