"""The pure engine of a procedure: fold, guards, acts."""
