# Sourced by the scripts: a local environment in .venv with the project and its pinned dependencies.
# The sourcing script sets `extras` (of the package) and `groups` (of pyproject.toml) before.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
venv=${SUPASYNC_VENV:-$root/.venv}
pins=$(cat constraints.txt pyproject.toml | cksum)
ready=$venv/.supasync-ready # the pins, then what is installed of them: scripts add theirs to others'
[ "$(head -n 1 "$ready" 2>/dev/null || true)" = "$pins" ] || rm -f "$ready"
if ! grep -qsxF "$extras $groups" "$ready"; then
  python=${PYTHON:-python3}
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "supasync needs Python 3.11 or newer; set PYTHON to one." >&2; exit 2; }
  echo "Preparing the local environment in ${venv#"$root"/} (only needed after a change of dependencies) …" >&2
  [ -x "$venv/bin/python" ] || "$python" -m venv "$venv" || {
    echo "Python's venv module is missing (Debian: apt-get install python3-venv)." >&2; exit 2; }
  [ -x "$venv/bin/uv" ] || "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt uv >&2 || true
  flags=""; for group in $groups; do flags="$flags --group $group"; done
  if [ -x "$venv/bin/uv" ]; then
    # shellcheck disable=SC2086
    "$venv/bin/uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" -c constraints.txt -e ".[$extras]" $flags >&2
  else # no uv for this machine: pip does the same, slower
    "$venv/bin/python" -m pip install --quiet --upgrade pip >&2
    # shellcheck disable=SC2086
    "$venv/bin/python" -m pip install --quiet -c constraints.txt -e ".[$extras]" $flags >&2
  fi
  [ -e "$ready" ] || printf '%s\n' "$pins" > "$ready"
  printf '%s\n' "$extras $groups" >> "$ready"
fi
PATH="$venv/bin:$PATH"
export PATH
