"""The correlation: detections in, typed alerts out, in one Kafka transaction a batch."""
