"""What a change of the rules does to open cases: versions of the procedure, closing days, rulings."""
