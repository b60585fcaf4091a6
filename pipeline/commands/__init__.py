"""What each command does between its words and its lines; only click is imported at first."""
