"""Forms by what they are about: closures, institutions; and the filter that list and figures share."""
