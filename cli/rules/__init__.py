"""Commands for legal time and the rules in force."""
