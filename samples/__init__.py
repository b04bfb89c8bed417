"""An invented office to try Coopcase on; nothing in it is real."""
