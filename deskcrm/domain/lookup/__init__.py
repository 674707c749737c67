"""Finding a client by any scrap: a number, half a name, words of a past conversation."""
