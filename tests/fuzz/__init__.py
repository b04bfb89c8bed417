"""Fuzzing: nonsense in files, uploads, fields and forms is answered with an error of ours, never with a traceback."""
