"""How far a run and people agree, and people among themselves."""
