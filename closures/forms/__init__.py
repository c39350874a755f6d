"""Forms by what they are about: closures, institutions."""
