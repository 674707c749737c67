"""Knowledge: the articles, one article, and what fits a ticket."""
