"""Draw the icons named in icons.txt into one sprite, icons.svg, from the npm package lucide-static.

Usage: npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
       python static/vendor/build_icons.py package/icons
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NOTICE = "<!-- Lucide icons 1.62.0, ISC licence, https://lucide.dev/license; made by build_icons.py -->"


def symbol(name: str, drawing: str) -> str:
    """One icon's SVG file as a <symbol>; raises ValueError when the file is not an SVG drawing."""
    found = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if found is None:
        raise ValueError(f"{name}: not an SVG drawing")
    lines = " ".join(found.group(1).split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{lines}</symbol>'


def main(source: Path) -> int:
    """Write icons.svg from the folder of drawings; return how many names had no drawing."""
    names = (HERE / "icons.txt").read_text().split()
    missing = [name for name in names if not (source / f"{name}.svg").exists()]
    for name in missing:
        print(f"no such icon in lucide: {name}", file=sys.stderr)
    symbols = [symbol(name, (source / f"{name}.svg").read_text()) for name in names if name not in missing]
    body = "\n".join([NOTICE, '<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])
    (HERE / "icons.svg").write_text(body)
    return len(missing)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
