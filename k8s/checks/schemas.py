"""schemas.py - whether each object has the shape that its kind has: Kubernetes' own by its published schemas, at the oldest and
the newest version that we are for; others' by shapes.yaml."""
import functools
import json
import pathlib

import jsonschema
import yaml

VERSIONS = ("1.30.0", "1.37.0")
HOME = "https://kubernetes.io/api/"  # what the schemas call their own place; nothing is fetched from it
KINDS = {"text": str, "number": int, "yes-no": bool}


class Schemas:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        own = pathlib.Path(__file__).with_name("shapes.yaml")
        self.shapes = yaml.safe_load(own.read_text(encoding="utf-8"))

    @functools.lru_cache(maxsize=None)
    def definitions(self, version):
        return json.loads((self.folder / f"v{version}-local-strict" / "_definitions.json").read_text(encoding="utf-8"))

    @functools.lru_cache(maxsize=None)
    def schema(self, version, api, kind):
        """The validator of a kind at a version, or None."""
        group, _, number = api.rpartition("/")
        stem = "-".join(p for p in (kind, group.split(".")[0], number) if p).lower()
        path = self.folder / f"v{version}-local-strict" / f"{stem}.json"
        if not path.exists():
            return None
        schema = json.loads(path.read_text(encoding="utf-8"))
        definitions = self.definitions(version)
        resolver = jsonschema.RefResolver(HOME, schema, store={HOME + "_definitions.json": definitions})
        return jsonschema.Draft7Validator(schema, resolver=resolver)

    def wrong(self, manifest):
        """What is wrong with its shape, in sentences."""
        api, kind = manifest["apiVersion"], manifest["kind"]
        who = f"{kind} {manifest['metadata']['name']}"
        shape = self.shapes.get(f"{api} {kind}")
        if shape:
            rest = {k: v for k, v in manifest.items() if k not in ("apiVersion", "kind", "metadata")}
            return [f"{who}: {text}" for text in differs({"spec": shape}, rest, "")]
        found = []
        for version in VERSIONS:
            validator = self.schema(version, api, kind)
            if not validator:
                found.append(f"{who}: Kubernetes {version} has no {api} {kind}")
                continue
            found += [f"{who}: {'.'.join(map(str, e.path))}: {e.message[:160]} (Kubernetes {version})" for e in validator.iter_errors(manifest)]
        return found


def differs(shape, value, at):
    """Where a value differs from a shape of shapes.yaml."""
    if isinstance(shape, str):
        if type(value) is not KINDS[shape]:
            yield f"{at} is not a {shape}"
    elif isinstance(shape, list):
        for i, row in enumerate(value if isinstance(value, list) else [None]):
            yield from differs(shape[0], row, f"{at}[{i}]")
    elif not isinstance(value, dict):
        yield f"{at} has no fields"
    else:
        for key, row in value.items():
            if key in shape or "*" in shape:
                yield from differs(shape.get(key, shape.get("*")), row, f"{at}.{key}".lstrip("."))
            else:
                yield f"{at}.{key} is not a field".lstrip(".")
