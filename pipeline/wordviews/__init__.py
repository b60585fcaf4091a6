"""What coders ask of words: in context, counted across, with their neighbours, by query."""
