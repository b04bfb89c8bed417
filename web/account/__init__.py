"""Pages of one person: sign-in, inbox, channels, help."""
