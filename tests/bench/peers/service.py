"""The classifier service as it is released, or around rules that find nothing."""

import sys

from bench.peers import work
from tocsin_classifier.bootstrap import create_service
from tocsin_classifier.domain.classify import classify
from tocsin_classifier.settings import ClassifierSettings
from tocsin_runtime.process import launch

if __name__ == "__main__":
    rules = work.nothing if work.HOLLOW else classify
    sys.exit(launch(ClassifierSettings, lambda settings: create_service(settings, rules)))
