"""The forms of this room, by what they are about."""
