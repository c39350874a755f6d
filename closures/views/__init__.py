"""Closures and their acts; the figures; institutions; and when institutions are open and who leads them."""
