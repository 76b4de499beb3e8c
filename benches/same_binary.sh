#!/usr/bin/env bash
# Builds the last commit twice, in two folders, and says whether the binaries are the same bytes. Compiled dependencies are shared,
# so it costs two builds of pathlink alone. Arguments are passed on to cargo, as `--features odbc`.
set -euo pipefail
cd "$(dirname "$0")/.."
export CARGO_TARGET_DIR="${PATHLINK_TARGET:-$HOME/.cache/pathlink-target}"
export CARGO_TERM_COLOR=never
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for folder in one "another one/deeper"; do
  mkdir -p "$work/$folder"
  git archive HEAD | tar -x -C "$work/$folder"
  # A source that is newer than what was compiled is compiled again.
  find "$work/$folder/src" -name '*.rs' -exec touch {} +
  touch "$work/before"
  (cd "$work/$folder" && cargo build --release --locked --quiet "$@")
  # A binary that was not built here would prove nothing.
  if [ ! "$CARGO_TARGET_DIR/release/pathlink" -nt "$work/before" ]; then
    echo "cargo took an earlier binary"
    exit 1
  fi
  cp "$CARGO_TARGET_DIR/release/pathlink" "$work/pathlink-${#folder}"
done
sha256sum "$work"/pathlink-*
if cmp "$work"/pathlink-*; then
  echo "the same bytes from two folders"
else
  echo "two folders give two binaries"
  exit 1
fi
for folder in "$work" "$CARGO_TARGET_DIR"; do
  if grep -qaF "$folder" "$work"/pathlink-3; then
    echo "the binary names $folder, where it was built"
    exit 1
  fi
done
echo "it names no folder in which it was built"
