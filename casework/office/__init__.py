"""The people of an office: sign-in, scope, absences, changes of staff."""
