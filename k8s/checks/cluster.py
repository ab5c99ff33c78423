"""cluster.py - a rendering as the rules look at it: the objects by kind, and who belongs to whom."""
import re

import yaml

PORTS = {"producer": 30000, "consumer": 30072, "portal": 30080, "seer": 30030, "steward": 32060}
SERVICES = tuple(PORTS)  # ours, in C, which take their settings from the environment
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text):
    """A duration as the services read them: 5s, 500ms, 1m; a bare 0."""
    number, unit = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?", str(text)).groups()
    return float(number) * UNITS.get(unit, 1)


def name(thing):
    return thing["metadata"]["name"]


def labels(thing):
    return thing["metadata"].get("labels", {})


def selects(selector, found):
    """Whether a selector's matchLabels and matchExpressions (In alone) take these labels."""
    by_label = all(found.get(k) == v for k, v in selector.get("matchLabels", {}).items())
    return by_label and all(found.get(e["key"]) in e["values"] for e in selector.get("matchExpressions", []))


class Workload:
    """A Deployment or StatefulSet, and the settings that its container gets."""

    def __init__(self, manifest, maps):
        self.manifest, self.kind, self.name = manifest, manifest["kind"], name(manifest)
        self.spec = manifest["spec"]
        self.pod = self.spec["template"]["spec"]
        self.labels = self.spec["template"]["metadata"].get("labels", {})
        self.containers = self.pod.get("containers", [])
        self.main = self.containers[0]
        self.replicas = self.spec.get("replicas", 1)
        self.settings = {}
        for source in self.main.get("envFrom", []):
            self.settings.update(maps.get(source.get("configMapRef", {}).get("name"), {}))
        for row in self.main.get("env", []):
            self.settings[row["name"]] = row.get("value")  # None: from a Secret, a ConfigMap or the pod itself

    @property
    def ours(self):
        return self.name in SERVICES

    def env_names(self):
        return {row["name"] for row in self.main.get("env", [])}


def load(text):
    """The manifests of a text; with libyaml, where there is one, in a tenth of the time."""
    return [m for m in yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if m]


class Cluster:
    def __init__(self, manifests):
        self.all = manifests
        maps = {name(m): m.get("data", {}) for m in self.of("ConfigMap")}
        self.maps = maps
        self.workloads = [Workload(m, maps) for m in self.of("Deployment", "StatefulSet")]

    def of(self, *kinds):
        return [m for m in self.all if m["kind"] in kinds]

    def names(self, *kinds):
        return {name(m) for m in self.of(*kinds)}
