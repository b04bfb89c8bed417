"""Cases that began before Coopcase: taken over with what is known of them; what is not on file is confirmed."""
