"""Opinions and issues under the goals of a plan: scores, evidence, what examples teach."""
