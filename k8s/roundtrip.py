"""roundtrip.py CONTEXT NAMESPACE - sends a message the whole way, as a browser would: through the portal to the producer, and
asks the consumer's receipt for it. Prints "roundtrip ok in N ms".

TOPIC: where to (roundtrip). It is made where the producer makes none.
"""
import base64
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

BOUND_S = 60
CALL_S = 35
LATER = {404, 429, 502, 503, 504}


def forward(kubectl):
    """A kubectl that forwards a free port to the portal, and the portal's URL there."""
    child = subprocess.Popen([*kubectl, "port-forward", "svc/portal-svc", ":3000"], stdout=subprocess.PIPE, text=True)
    at = re.search(r"127\.0\.0\.1:(\d+)", child.stdout.readline())
    if not at:
        child.kill()
        sys.exit("k8s: no roundtrip: the portal cannot be reached, see above")
    return child, f"http://127.0.0.1:{at[1]}/api"


def token(kubectl):
    found = subprocess.run([*kubectl, "get", "secret", "kafkloud-token", "-o", "jsonpath={.data.token}"],
                           capture_output=True, text=True, check=False).stdout
    return base64.b64decode(found).decode().strip()


class Portal:
    def __init__(self, url, bearer):
        self.url, self.end, self.last = url, time.monotonic() + BOUND_S, ""
        self.headers = {"Authorization": "Bearer " + bearer} if bearer else {}

    def call(self, method, path, body=None):
        """(status, what it answered); status 0: no answer."""
        kind = {"Content-Type": "application/json"} if body is not None else {}
        asked = urllib.request.Request(self.url + path, method=method, headers={**self.headers, **kind},
                                       data=body.encode() if body is not None else None)
        try:
            with urllib.request.urlopen(asked, timeout=CALL_S) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            self.last = f"{method} {path}: {error.code} {error.read(400).decode(errors='replace')}"
            return error.code, {}
        except OSError as error:
            self.last = f"{method} {path}: {error}"
            return 0, {}

    def until(self, method, path, body=None):
        """Calls until it is answered with what was asked for. What will not change by waiting ends it."""
        while time.monotonic() < self.end:
            status, answer = self.call(method, path, body)
            if 200 <= status < 300:
                return answer
            if status and status not in LATER:
                break
            time.sleep(0.5)
        sys.exit("k8s: no roundtrip: " + self.last)


def roundtrip(portal, topic):
    # A conflict says that it is there; another refusal shows itself when the message is sent.
    portal.call("POST", "/steward/topics", json.dumps({"name": topic}))
    start = time.monotonic()
    sent = portal.until("POST", f"/producer/produce/{topic}/key", '{"from":"roundtrip"}')
    portal.until("GET", f"/consumer/status/{sent['id']}?wait=consumed&timeout_ms=30000")
    return (time.monotonic() - start) * 1000


def main():
    kubectl = ["kubectl", "--context", sys.argv[1], "--namespace", sys.argv[2]]
    child, url = forward(kubectl)
    try:
        took = roundtrip(Portal(url, token(kubectl)), os.environ.get("TOPIC", "roundtrip"))
    finally:
        child.terminate()
        child.wait()
    print(f"roundtrip ok in {took:.0f} ms")


if __name__ == "__main__":
    main()
