"""programs.py - what the services' own programs say to what we tell them: which settings they know, whether they start with
exactly these, whether they refuse to be open, which metrics they have."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOUND_S = 60  # of a machine that is busy with other tests
# What our manifests set of librdkafka's properties; the programs take any.
KAFKA = {"KAFKA_SECURITY_PROTOCOL", "KAFKA_SASL_MECHANISM", "KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"}
WITH_KAFKA = ("producer", "consumer", "steward", "seer")


def words(path):
    """The names in capitals in a script: its settings are among them."""
    file = ROOT / path
    return set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", file.read_text(encoding="utf-8"))) if file.exists() else None


def known(programs, services):
    """The settings of each program, by its name."""
    found = {"streamer": words("streamer/streamer"), "postgres": words("docker/postgres")}
    for service in services:
        table = subprocess.run([programs / f"kafkloud-{service}", "--settings-markdown"], capture_output=True, text=True, check=True).stdout
        found[service] = set(re.findall(r"^\| `([A-Z0-9_]+)`", table, re.M)) | (KAFKA if service in WITH_KAFKA else set())
    return found


class Running:
    """A service with the settings that its pod gets, but on a port of this machine, a store of its own, and without Kafka."""

    def __init__(self, programs, service, settings):
        self.dir = tempfile.TemporaryDirectory(prefix="kafkloud-check.")
        here = pathlib.Path(self.dir.name)
        (here / "token").write_text("check-token", encoding="utf-8")
        told = {k: "check" if v is None else v for k, v in settings.items()}
        for setting in ("API_TOKEN_FILE", "UPSTREAM_TOKEN_FILE"):
            if told.get(setting):
                told[setting] = str(here / "token")
        told.pop("STORE_FILE", None)
        told |= {"SERVER_ADDR": "0.0.0.0", "SERVER_PORT": "0", "PORT_FILE": str(here / "port")}
        told |= {"consumer": {"STORE": str(here / "r.db")}, "seer": {"INDEX": str(here / "i.db")}, "portal": {"UI_DIR": str(here)}}.get(service, {})
        if service in WITH_KAFKA:
            told["KAFKA_BOOTSTRAP_SERVERS"] = "127.0.0.1:1"
        self.port_file = here / "port"
        self.log = open(here / "log", "w+", encoding="utf-8")
        self.process = subprocess.Popen([programs / f"kafkloud-{service}"], env={"PATH": os.environ["PATH"], **told}, cwd=here,
                                        stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.dir.cleanup()

    def code(self):
        """The exit code, once it listens or has ended: None when it listens."""
        end = time.monotonic() + BOUND_S
        while time.monotonic() < end and self.process.poll() is None and not self.port_file.exists():
            time.sleep(0.01)
        return self.process.poll()

    def lines(self):
        self.log.seek(0)
        return self.log.read().strip().splitlines()

    def said(self):
        """Its last line."""
        return (self.lines() or ["nothing"])[-1]

    def warned(self):
        """The first line about a setting that it does not know."""
        return next((line for line in self.lines() if "is left out" in line), None)

    def metrics(self):
        """The names that /metrics has."""
        call = urllib.request.Request(f"http://127.0.0.1:{self.port_file.read_text().strip()}/metrics", headers={"Authorization": "Bearer check-token"})
        with urllib.request.urlopen(call, timeout=BOUND_S) as answer:
            text = answer.read().decode()
        return set(re.findall(r"^# TYPE (\w+) (?!histogram)", text, re.M)) | \
            {f"{n}_{part}" for n in re.findall(r"^# TYPE (\w+) histogram", text, re.M) for part in ("bucket", "sum", "count")}


def asked_for(cluster):
    """The metrics that alerts and dashboards ask for, each with who asks."""
    expressions = [(rule["alert"], rule["expr"]) for m in cluster.of("PrometheusRule") for g in m["spec"]["groups"] for rule in g["rules"]]
    for data in cluster.maps.values():
        for panel in (json.loads(text) for key, text in data.items() if key.endswith(".json")):
            expressions += [(p["title"], t["expr"]) for p in panel["panels"] for t in p.get("targets", [])]
    return [(who, found) for who, text in expressions for found in re.findall(r"\b(?:kafkloud|process)_\w+", text)]


def without_kafka_unseen(service, metric):
    """Whether a service has a metric that it shows only once it has seen Kafka: then its name is in metrics.c all the same."""
    prefix = f"kafkloud_{service}_"
    return metric.startswith(prefix) and f'"{metric.removeprefix(prefix)}"' in (ROOT / service / "metrics.c").read_text(encoding="utf-8")
