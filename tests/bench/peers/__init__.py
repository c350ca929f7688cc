"""Other ways to read Kafka around the same classify(): what the service is compared with."""
