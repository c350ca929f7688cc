"""The classifier: a Faust agent around the pure `classify`, from `articles` to `detections`."""
