"""How an issued letter reaches its addressee."""
