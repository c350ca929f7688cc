"""The live side of delivery: one reader, many listeners over Server-Sent Events, and the page."""
