"""What playbooks begin with: for each trigger a query that finds whom it holds for, and words."""
