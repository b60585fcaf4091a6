"""What programs and notebooks use: run a study, read a finished run, compare runs."""
