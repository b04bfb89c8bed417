"""Commands on legal time and on the rules in force."""
