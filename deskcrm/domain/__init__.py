"""What a customer-success team works with: the rules, without windows or network."""
