"""A plan file from the chapter of a plan as it comes out of a PDF."""
