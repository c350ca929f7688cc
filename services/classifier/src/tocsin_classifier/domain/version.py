"""The name and version of the rules, in one place: they go out with every statement."""

CLASSIFIER = "rules"
"""The name of this classifier in `confidence.classifier`."""

VERSION = "1.1.0"
"""Raised whenever a rule or a data file changes what `classify` gives."""
