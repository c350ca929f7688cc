"""The notifier: correlates detections into typed alerts, and delivers them."""
