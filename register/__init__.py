"""How a register file is read: workbooks, old encodings, headers, the import gate. No database here."""
