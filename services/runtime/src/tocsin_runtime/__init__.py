"""What every Tocsin service needs and no alert type knows of: settings, Kafka, health, logs."""
