#!/usr/bin/env python3
"""Checks that the house is laid out as docs/architecture.md says; prints faults, exits 1 on any.

tools/check_layout.py              arrows, forbidden includes, rooms, sizes, version
tools/check_layout.py --compile    also compiles every public header alone
"""

import concurrent.futures
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROW = {"core": 0, "data": 1, "learn": 2, "store": 2}
ROW |= dict.fromkeys(
    ["metrics", "mining", "customers", "forecasting", "pipeline", "campaigns", "segments"], 3
)
ROW |= {"stream": 4}
FORBIDDEN_IN_PUBLIC = re.compile(r'#include [<"](Eigen|unsupported|boost|pybind11|Python\.h)')
INCLUDE = re.compile(r'^\s*#include "(?:emptor/)?(\w+)/', re.M)
MAX_LINES = 600


def arrows(path: Path, module: str) -> list[str]:
    """Includes of `path` that point upward or sideways."""
    faults = []
    for target in INCLUDE.findall(path.read_text()):
        if target == module or target not in ROW or module not in ROW:
            continue
        if ROW[target] >= ROW[module]:
            faults.append(f"{path.relative_to(ROOT)}: {module} may not include {target}")
    return faults


def check_sources() -> list[str]:
    faults = []
    for path in sorted([*ROOT.glob("include/emptor/*/*.hpp"), *ROOT.glob("src/*/*.[hc]pp")]):
        faults += arrows(path, path.parent.name)
    for path in sorted(ROOT.glob("include/emptor/**/*.hpp")):
        if FORBIDDEN_IN_PUBLIC.search(path.read_text()):
            faults.append(f"{path.relative_to(ROOT)}: a public header includes a private library")
    return faults


def check_rooms() -> list[str]:
    """The same stem in every room. Private sources are tested through the concept they serve."""
    faults = []
    for path in sorted(ROOT.glob("src/*/*.cpp")):
        public = ROOT / "include/emptor" / path.parent.name / f"{path.stem}.hpp"
        test = ROOT / "tests/cpp" / path.parent.name / f"{path.stem}_test.cpp"
        if public.exists() and not test.exists():
            faults.append(f"{path.relative_to(ROOT)}: no {test.relative_to(ROOT)}")
    for header in sorted(ROOT.glob("include/emptor/*/*.hpp")):
        module = header.parent.name
        if ROW.get(module) == 3:
            rooms = [
                f"bindings/{module}.cpp",
                f"python/emptor/{module}.py",
                f"docs/methods/{module}/{header.stem}.md",
            ]
            for room in rooms:
                if not (ROOT / room).exists():
                    faults.append(f"{header.relative_to(ROOT)}: no {room}")
    umbrella = (ROOT / "include/emptor/emptor.hpp").read_text()
    for header in sorted(ROOT.glob("include/emptor/*/*.hpp")):
        name = header.relative_to(ROOT / "include").as_posix()
        if f'#include "{name}"' not in umbrella:
            faults.append(f"{name} is missing in emptor.hpp")
    return faults


def check_sizes() -> list[str]:
    faults = []
    for pattern in ("include/**/*.hpp", "src/**/*.[hc]pp", "bindings/**/*.[hc]pp",
                    "python/**/*.py", "tests/**/*.py", "tests/**/*.cpp", "tools/*.py"):  # fmt: skip
        for path in sorted(ROOT.glob(pattern)):
            lines = path.read_text().count("\n")
            if lines > MAX_LINES:
                faults.append(f"{path.relative_to(ROOT)}: {lines} lines, more than {MAX_LINES}")
    return faults


def check_version() -> list[str]:
    text = (ROOT / "include/emptor/version.hpp").read_text()
    parts = [re.search(rf"VERSION_{p} (\d+)", text)[1] for p in ("MAJOR", "MINOR", "PATCH")]
    version = re.search(r'EMPTOR_VERSION "([^"]+)"', text)[1]
    faults = []
    if ".".join(parts) != version:
        faults.append(f"version.hpp: {'.'.join(parts)} and {version} differ")
    if f"## {version}" not in (ROOT / "CHANGELOG.md").read_text():
        faults.append(f"CHANGELOG.md: no section for {version}")
    return faults


def compiles_alone(header: Path) -> str | None:
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as source:
        source.write(f'#include "{header.relative_to(ROOT / "include").as_posix()}"\n')
        source.flush()
        command = ["g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                   "-fsyntax-only", f"-I{ROOT / 'include'}", source.name]  # fmt: skip
        result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 0:
        return None
    return f"{header.relative_to(ROOT)} does not compile alone:\n{result.stderr}"


def check_headers_alone() -> list[str]:
    headers = sorted(ROOT.glob("include/emptor/**/*.hpp"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [fault for fault in pool.map(compiles_alone, headers) if fault]


def main() -> int:
    faults = check_sources() + check_rooms() + check_sizes() + check_version()
    if "--compile" in sys.argv[1:]:
        faults += check_headers_alone()
    print("\n".join(faults) if faults else "layout: no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
