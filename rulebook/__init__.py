"""Rules in force in an office: calendars with closing days, versions of the procedure, rulings."""
