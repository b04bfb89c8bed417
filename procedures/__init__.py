"""What the law says: procedures and calendars as data, and the pure engine that reads them. No database here."""
