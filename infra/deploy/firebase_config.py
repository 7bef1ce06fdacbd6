"""firebase.json: one origin for all functions, rules and indexes, and the local emulators."""

import json
from typing import Any

from infra.deploy.edge import PUBLIC, RELEASE
from infra.deploy.manifest import EVERYWHERE, ROOT, Manifest
from shared.http.answers import SECURITY

FILE = ROOT / "firebase.json"
_BUILD = "build"


def firebase_config(manifest: Manifest) -> dict[str, Any]:
    place = manifest.place
    return {
        "hosting": {
            "public": f"{_BUILD}/{PUBLIC}",
            "ignore": ["**/.*"],
            "headers": [
                {
                    # What Hosting serves by itself; the functions say their own.
                    "source": f"/{RELEASE}",
                    "headers": [
                        *({"key": key, "value": value} for key, value in SECURITY.items()),
                        {"key": "Cache-Control", "value": "no-cache"},
                    ],
                }
            ],
            "rewrites": [
                {"source": _hosting(path), "run": {"serviceId": name, "region": place.region}}
                for path, name in manifest.routes
            ],
        },
        "firestore": {"rules": "infra/firestore.rules", "indexes": "infra/firestore.indexes.json"},
        "storage": {"rules": "infra/storage.rules"},
        # For the emulators alone; deployments are gcloud's.
        "functions": [
            {
                "source": f"{_BUILD}/{function.name}",
                "codebase": function.name,
                "runtime": place.runtime,
            }
            for function in manifest.functions
        ],
        "emulators": {
            "auth": {"port": 9099},
            "firestore": {"port": 8080},
            "functions": {"port": 5001},
            "hosting": {"port": 5000},
            "singleProjectMode": True,
            # With it on, nothing starts on a machine without internet.
            "ui": {"enabled": False},
        },
    }


def rendered(manifest: Manifest) -> str:
    return json.dumps(firebase_config(manifest), indent=2) + "\n"


def _hosting(path: str) -> str:
    """Hosting's `/x/**` leaves out `/x` itself."""
    if path == EVERYWHERE:
        return "**"
    return path.removesuffix("/**") + "{,/**}" if path.endswith("/**") else path
