"""wait.py CONTEXT NAMESPACE [COMPONENT] - waits until what was applied runs, telling how far it is; and when it does not come
up, why: what the pods wait for, their last events, their last words.

WAIT: how many seconds (300). It ends earlier when a pod waits for what no time will bring, as an image that is not there.
"""
import json
import os
import subprocess
import sys
import time

ONE_TRY = {"ErrImagePull": "ImagePullBackOff"}  # the two take turns
# How many seconds a pod may say this: what is missing may still be on its way, and what crashed may find its reason gone.
HOPELESS = {"ImagePullBackOff": 30, "ErrImageNeverPull": 10, "InvalidImageName": 0, "CreateContainerConfigError": 30,
            "CrashLoopBackOff": 90}
EVENTS = 6
LINES = "12"


class Cluster:
    """kubectl, for one namespace and perhaps one component."""

    def __init__(self, context, namespace, component):
        self.base = ["kubectl", "--context", context, "--namespace", namespace]
        self.selector = "app=kafkloud" + (f",component={component}" if component else "")

    def run(self, *words):
        return subprocess.run([*self.base, *words], capture_output=True, text=True, check=False).stdout

    def items(self, kinds):
        text = self.run("get", kinds, "-l", self.selector, "-o", "json")
        return json.loads(text)["items"] if text else []


def rolled_out(workload):
    """(done, wanted) pods of the manifest as it is now; done is -1 before anybody has looked at it."""
    spec, status = workload["spec"], workload.get("status", {})
    wanted = spec.get("replicas", 1)
    if status.get("observedGeneration", 0) < workload["metadata"]["generation"]:
        return -1, wanted
    if workload["kind"] == "StatefulSet" and status.get("updateRevision") != status.get("currentRevision") and wanted:
        updated = status.get("updatedReplicas", 0)
    else:
        updated = status.get("updatedReplicas", wanted)
    if status.get("replicas", 0) > wanted:
        return min(updated, wanted - 1), wanted  # the old ones are still leaving
    return min(updated, status.get("readyReplicas", 0), wanted), wanted


def waits_for(pod):
    """(reason, message) of what a pod waits for; ("", "") when it runs."""
    status = pod.get("status", {})
    for container in status.get("containerStatuses", []):
        waiting = container.get("state", {}).get("waiting")
        if waiting:
            return waiting.get("reason", ""), waiting.get("message", "")
    for condition in status.get("conditions", []):
        if condition["status"] == "False" and condition["type"] in ("PodScheduled", "ContainersReady"):
            return condition.get("reason", ""), condition.get("message", "")
    return "", ""


def explain(cluster, pods):
    for pod in pods:
        name = pod["metadata"]["name"]
        reason, message = waits_for(pod)
        if not reason and all(c["ready"] for c in pod["status"].get("containerStatuses", [])):
            continue
        print(f"k8s: {name} is not ready: {reason} {message}".rstrip(), file=sys.stderr)
        events = cluster.run("get", "events", "--field-selector", f"involvedObject.name={name}", "--sort-by=.lastTimestamp",
                             "-o", "custom-columns=:reason,:message", "--no-headers").splitlines()
        died = any(c["restartCount"] for c in pod["status"].get("containerStatuses", []))
        log = cluster.run("logs", name, "--tail", LINES, *(["--previous"] if died else [])).splitlines()
        for line in events[-EVENTS:] + log:
            print("    " + line, file=sys.stderr)


def hopeless(pods, since):
    """Whether a pod has been saying for a while that it cannot start. since: pod and reason to when that was first seen."""
    now = time.monotonic()
    said = [(pod["metadata"]["uid"], ONE_TRY.get(waits_for(pod)[0], waits_for(pod)[0])) for pod in pods]
    seen = {key for key in said if key[1] in HOPELESS}
    for key in seen:
        since.setdefault(key, now)
    for key in set(since) - seen:
        if key[1] != "CrashLoopBackOff":  # between two crashes it runs
            del since[key]
    return any(now - since[key] > HOPELESS[key[1]] for key in seen)


def main():
    cluster = Cluster(*(sys.argv[1:] + [""])[:3])
    start = time.monotonic()
    end = start + float(os.environ.get("WAIT", "300"))
    said, since = {}, {}
    while True:
        states = {w["metadata"]["name"]: rolled_out(w) for w in cluster.items("deployments,statefulsets")}
        for name, (done, wanted) in states.items():
            if said.get(name) != done and done >= 0:
                print(f"k8s: {name:10} {done} of {wanted} ready after {time.monotonic() - start:.0f} s", file=sys.stderr)
                said[name] = done
        if states and all(done == wanted for done, wanted in states.values()):
            return
        pods = cluster.items("pods")
        late = time.monotonic() > end
        if late or hopeless(pods, since):
            explain(cluster, pods)
            waiting = ", ".join(n for n, (done, wanted) in states.items() if done != wanted) or "everything"
            sys.exit(f"k8s: not up{' in time' if late else ''}: {waiting}")
        time.sleep(1)


if __name__ == "__main__":
    main()
