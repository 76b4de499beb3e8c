#!/usr/bin/env bash
# pathlink against the DuckDB script: same extracts, alternately, warm file cache; wall time, peak memory, ratios.
# Usage: bench.sh DIR        DIR is made by `pathlink synth` unless it already holds extracts (coverage.csv).
# Settings (environment): PATHLINK (program, default pathlink), PATHLINK_FLAGS (for example "--threads 2"), PYTHON,
# PEOPLE (1000000), SEED (1), REPEATS (3). Needs bash, Python 3 and `pip install duckdb`.
set -euo pipefail

[ $# -eq 1 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
dir=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATHLINK=${PATHLINK:-pathlink} PATHLINK_FLAGS=${PATHLINK_FLAGS:-} REPEATS=${REPEATS:-3}
python=${PYTHON:-python3}
PATHLINK=$(command -v "$PATHLINK") || { echo "pathlink is not found; set PATHLINK" >&2; exit 2; }
case $PATHLINK in /*) ;; *) PATHLINK=$PWD/$PATHLINK ;; esac

if [ ! -e "$dir/coverage.csv" ]; then
  echo "making extracts of ${PEOPLE:-1000000} people" >&2
  "$PATHLINK" synth --people "${PEOPLE:-1000000}" --seed "${SEED:-1}" --to "$dir"
fi
dir=$(cd "$dir" && pwd)

# Everything pathlink writes lies under $dir/out: before each first run, whatever was not there at the start is removed.
config=$dir/pathlink.toml
repo=$(cd "$here/.." && pwd)
sed -e 's#\.\./fixtures/year/##' -e 's#"\.\./runs"#"out/runs"#' -e 's#"\.\./store"#"out/store"#' \
  -e "s#\"pathways/stockport.toml\"#\"$repo/config/pathways/stockport.toml\"#" \
  -e "s#\"analysis_plan.toml\"#\"$repo/config/analysis_plan.toml\"#" -e 's#^business_cases = .*##' \
  "$repo/config/pathlink.toml" > "$config"

exec "$python" - "$dir" "$config" "$here/duckdb_baseline.py" <<'PYTHON'
import os, shlex, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path

folder, config, baseline = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
repeats = int(os.environ["REPEATS"])
pathlink = [os.environ["PATHLINK"], "--config", config, *shlex.split(os.environ["PATHLINK_FLAGS"]), "run"]
scratch = Path(tempfile.mkdtemp(prefix="pathlink-bench-"))
at_start = set(folder.rglob("*"))
inputs = sorted(path for path in at_start if path.suffix == ".csv" and path.is_file() and "truth" not in path.parts)


def warm():
    """Reads every extract once, so that both sides find it in the file cache."""
    for path in inputs:
        with open(path, "rb", buffering=0) as handle:
            while handle.read(1 << 22):
                pass


def forget():
    """Takes away all that pathlink has written, so that its next run is a first run."""
    for path in sorted(set(folder.rglob("*")) - at_start, reverse=True):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()


def measure(name, command):
    """Wall seconds and peak resident memory in MB of one process, start-up included."""
    with open(scratch / "log", "wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{name} ended with {process.returncode}:\n" + (scratch / "log").read_text(errors="replace")[-4000:])
    megabytes = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(f"{name:24s} {seconds:8.2f} s {megabytes:8.0f} MB   load {os.getloadavg()[0]:.2f}", flush=True)
    results.setdefault(name, []).append((seconds, megabytes))


results = {}
try:
    size = sum(path.stat().st_size for path in inputs)
    print(f"{len(inputs)} extracts, {size / 1e6:.0f} MB, {os.cpu_count()} cores; {repeats} rounds")
    for _ in range(repeats):
        forget()
        warm()
        measure("pathlink first run", pathlink)
        measure("pathlink unchanged files", pathlink)
        shutil.rmtree(scratch / "duckdb", ignore_errors=True)
        warm()
        measure("duckdb script", [sys.executable, baseline, str(folder), str(scratch / "duckdb")])
    print((scratch / "log").read_text(), end="")
finally:
    shutil.rmtree(scratch, ignore_errors=True)

middle = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in results.items()}
print("\nmedians")
for name, (seconds, megabytes) in middle.items():
    print(f"{name:24s} {seconds:8.2f} s {megabytes:8.0f} MB")
print("\nduckdb script / pathlink (above 1: pathlink takes less)")
for name in ("pathlink first run", "pathlink unchanged files"):
    time_ratio, memory_ratio = (theirs / ours for theirs, ours in zip(middle["duckdb script"], middle[name]))
    print(f"{name:24s} time {time_ratio:6.2f}   memory {memory_ratio:6.2f}")
PYTHON
