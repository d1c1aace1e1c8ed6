"""The atlas for programs: described by `defaults.schema.json`."""

import json
from typing import Any

from comparison.defaults.pack import LAYERS
from comparison.defaults.results import Atlas
from comparison.printable import harmless_json


def render(atlas: Atlas) -> str:
    """The whole chapter as indented JSON that ends with a newline."""
    text = json.dumps(report(atlas), indent=2, ensure_ascii=False)
    return harmless_json(text) + "\n"


def report(atlas: Atlas) -> dict[str, Any]:
    """The chapter as a JSON value."""
    return {
        "version": 1,
        "started": atlas.header["started"],
        "seconds": atlas.seconds,
        "slow": atlas.header["slow"],
        "versions": atlas.versions,
        "recorded_versions": atlas.recorded_versions,
        "machine": atlas.header["machine"],
        "failed": bool(atlas.failures),
        "summary": _summary(atlas),
        "probes": [
            {
                **vars(one),
                "differs": one.differs,
                "changed": one.changed,
                "unlisted": one.unlisted,
                "stale": one.stale,
            }
            for one in atlas.probes
        ],
    }


def _summary(atlas: Atlas) -> dict[str, Any]:
    return {
        "probes": len(atlas.probes),
        "differing": len(atlas.differing),
        "changed": len(atlas.changed),
        "real": sum(bool(one.real) for one in atlas.probes),
        "failures": len(atlas.failures),
        "layers": {
            layer: {
                "probes": sum(one.layer == layer for one in atlas.probes),
                "differing": sum(one.layer == layer for one in atlas.differing),
            }
            for layer in LAYERS
        },
    }
