"""Where everything that the launcher makes is kept."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("PORTAIL_VAR") or ROOT / "var").absolute()
LOGS = STATE / "log"
SECRETS = STATE / "secrets"
POSTGRES = STATE / "postgres"
DOCUMENTS = STATE / "documents"
KAFKA = STATE / "kafka" / "node"
KAFKA_JARS = STATE / "kafka" / "libs"
DEMO = STATE / "demo.json"
LOCK = STATE / "launcher.lock"
LAST_BUS = STATE / "last-bus"
