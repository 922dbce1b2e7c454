"""A real Apache Kafka 4: one KRaft node, its jars from Maven, on the machine's Java."""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from deploy.children import Child, wait_until
from deploy.errors import LaunchError
from deploy.ports import is_open, require_free
from deploy.state import KAFKA_JARS

SOURCES = Path(__file__).parent / "kafka"
# Any fixed value: there is one cluster, and a folder belongs to it for good.
CLUSTER_ID = "cG9ydGFpbC1mYW1pbGxlMQ"
# Half the processor time to start and settle, as for a town on two cores; a cluster compiles more.
FRUGAL = ("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
OLDEST_JAVA = 17
START_TIMEOUT = 90.0

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
# one node
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# back after kill -9 without waiting for its own former session to expire (9 s)
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
# subscribers start together here: nobody is waited for
group.initial.rebalance.delay.ms=0
# a misspelt topic is an error
auto.create.topics.enable=false
"""


class KafkaServer:
    """One node on 127.0.0.1 that keeps its log in a folder."""

    def __init__(
        self, folder: Path, port: int, *, log: Path | None = None, jars: Path | None = None
    ) -> None:
        self.port = port
        self._folder = folder.absolute()
        self._log = log or folder / "kafka.log"
        self._jars = jars or KAFKA_JARS
        self.child: Child | None = None

    @property
    def bootstrap(self) -> str:
        """Where clients connect."""
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Fetch the jars if need be, start, wait until it answers. Raises LaunchError."""
        java = find_java()
        fetch_jars(self._jars)
        require_free({"bus": self.port})
        self._folder.mkdir(parents=True, exist_ok=True)
        properties = self._write_properties()
        self._format(java, properties)
        self.child = self._java("kafka", java, "kafka.Kafka", str(properties))
        self.child.start()
        wait_until(lambda: is_open(self.port), self.child, START_TIMEOUT)

    def stop(self) -> None:
        """Stop it; its log stays."""
        if self.child:
            self.child.stop(timeout=30)

    def kill(self) -> None:
        """End it at once (kill -9); what it acknowledged stays."""
        if self.child:
            self.child.kill()

    def _write_properties(self) -> Path:
        file = self._folder / "server.properties"
        file.write_text(
            PROPERTIES.format(port=self.port, controller=_free_port(), data=self._folder / "data")
        )
        return file

    def _format(self, java: str, properties: Path) -> None:
        if (self._folder / "data" / "meta.properties").exists():
            return
        arguments = ["format", "--cluster-id", CLUSTER_ID, "--config", str(properties)]
        child = self._java("kafka format", java, "kafka.tools.StorageTool", *arguments)
        child.start()
        child.wait_stopped(START_TIMEOUT)
        if child.exit_status != 0:
            raise LaunchError(f"Kafka could not make its data folder; see {self._log}")

    def _java(self, name: str, java: str, main_class: str, *arguments: str) -> Child:
        logging = f"-Dlog4j2.configurationFile={SOURCES / 'log4j2.properties'}"
        command = [java, *FRUGAL, logging, "-cp", f"{self._jars}/*", main_class, *arguments]
        return Child(name, command, log=self._log)


def find_java() -> str:
    """A Java that Kafka 4 runs on. Raises LaunchError."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None) or shutil.which("java")
    if java is None:
        raise LaunchError(f"--bus kafka needs Java {OLDEST_JAVA} or newer, and there is no java")
    told = subprocess.run(  # noqa: S603 - the machine's java
        [java, "-version"], capture_output=True, text=True, check=False
    ).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise LaunchError(f"--bus kafka needs Java {OLDEST_JAVA} or newer; {java} is older")
    return java


def fetch_jars(folder: Path) -> None:
    """Have Maven put the pinned jars into the folder, unless they are there. Raises LaunchError."""
    pom = SOURCES / "pom.xml"
    stamp = folder / ".complete"
    wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    maven = shutil.which("mvn")
    if maven is None:
        raise LaunchError("--bus kafka needs Maven (mvn) once, to fetch Kafka's jars")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log = folder.parent / "maven.log"
    options = ["--batch-mode", "--quiet", "--file", str(pom), f"-DoutputDirectory={folder}"]
    with log.open("wb") as output:
        fetched = subprocess.run(  # noqa: S603 - the machine's mvn
            [maven, *options, "dependency:copy-dependencies"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if fetched.returncode != 0:
        raise LaunchError(f"Maven could not fetch Kafka's jars; see {log}")
    stamp.write_text(wanted)


def _free_port() -> int:
    # Its quorum of one talks to itself there: nobody has to know the number.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> int:
    """Make sure that a node could be started; 1 with one line on standard error when not."""
    try:
        find_java()
        fetch_jars(KAFKA_JARS)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
