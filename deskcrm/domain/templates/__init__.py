"""Reply templates: texts in two languages that greet by name and fill in what is known."""
