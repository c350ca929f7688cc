"""The pure core of the notifier: correlation of detections into events and their alerts."""
