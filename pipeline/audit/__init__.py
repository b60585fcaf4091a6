"""Who decided what, and where everything in a result comes from, for people who check."""
