"""Put pip into a virtual environment whose Python came without it, as Debian's does.

    python tools/bootstrap_pip.py

Run by the environment's own Python. Fetches one release of pip from the package index and installs
it, if it is the very file whose hash stands here.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"


def fetch(url: str, accept: str = "*/*") -> bytes:
    """The body of a page of the package index."""
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - the address of the index
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return bytes(answer.read())


def main() -> None:
    """Find the wheel in the index, check it and install it by itself."""
    listed = json.loads(fetch(INDEX, "application/vnd.pypi.simple.v1+json"))
    (address,) = (file["url"] for file in listed["files"] if file["filename"] == WHEEL)
    body = fetch(urljoin(INDEX, address))
    if hashlib.sha256(body).hexdigest() != SHA256:
        sys.exit(f"The {WHEEL} that {INDEX} gives is not the one that Regulars was made with.")
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder, WHEEL)
        wheel.write_bytes(body)
        install = [sys.executable, str(wheel / "pip"), "install", "--quiet", "--no-index", str(wheel)]
        subprocess.run(install, check=True)


if __name__ == "__main__":
    main()
