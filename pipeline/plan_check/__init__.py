"""What is worth a look in a plan file, its rules and its example sentences."""
