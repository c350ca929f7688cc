"""What tests of several kinds share: a broker, services as processes, reading topics."""
