"""The contracts of Tocsin: what may stand on each topic, and nothing else.

Subscribers install this package alone; it imports nothing but pydantic.
"""
