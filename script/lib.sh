# What the commands in script/ share; sourced, never run. Keeps to bash 3.2, as macOS ships it.
set -eu
set -o pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
CALLER="$PWD" # paths that a person types count from here
cd "$ROOT"
case "${DATA_ROOT:-/}" in /*) ;; *) export DATA_ROOT="$CALLER/$DATA_ROOT" ;; esac
PYTHON="$ROOT/.venv/bin/python"

# How long threads that wait for each other spin before they sleep. Spinning as long as is the
# default made a training step five times as slow where other processes wanted the cores; not at all
# makes it twice as slow where they are free. Measured, on four cores: free 89 ms with this, 99 ms
# by default, 176-226 ms without; busy 378 ms with this and 298 ms without.
if [ -z "${OMP_WAIT_POLICY:-}" ]; then
  export GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-5000}" KMP_BLOCKTIME="${KMP_BLOCKTIME:-1}"
fi

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Reads .env without running it: KEY=VALUE lines, optional quotes; the environment's own values win.
load_dotenv() {
  [ -f .env ] || return 0
  local line name value
  while IFS= read -r line || [ -n "$line" ]; do
    case "$line" in '' | '#'*) continue ;; esac
    line="${line#export }"
    name="${line%%=*}"
    case "$name" in '' | *[!A-Za-z0-9_]* | [0-9]*) continue ;; esac
    [ "$name" != "$line" ] || continue
    value="${line#*=}"
    case "$value" in
      \"*\") value="${value#\"}" value="${value%\"}" ;;
      \'*\') value="${value#\'}" value="${value%\'}" ;;
    esac
    if [ -z "${!name+set}" ]; then export "$name=$value"; fi
  done <.env
  case "${DATA_ROOT:-/}" in /*) ;; *) export DATA_ROOT="$ROOT/$DATA_ROOT" ;; esac
}

embedded() { PYTHONPATH="$ROOT/script" "$PYTHON" -m embedded "$@"; }

# use_services INSTANCE: exports DATABASE_URL and REDIS_URL, starting what nobody provides, and gives
# the services back when this shell ends.
use_services() {
  HELD_INSTANCE="$1"
  load_dotenv
  if [ -n "${DATABASE_URL:-}" ] && [ -n "${REDIS_URL:-}" ]; then return 0; fi
  local exports
  trap give_services_back EXIT
  exports="$(embedded start --instance "$HELD_INSTANCE" --holder $$)" || exit 1
  eval "$exports"
  SERVICES_HELD=1
}

# choose_instance [NAME]: the installation that a command works on. Sets INSTANCE and, unless they are
# set already, DATA_ROOT and SITE_URL as that installation has them.
choose_instance() {
  load_dotenv
  local exports
  exports="$(embedded choose ${1:+--instance "$1"})" || exit 1
  eval "$exports"
}

# from_caller COMMAND...: runs it where the caller stands, so that relative paths mean what they say.
from_caller() { (cd "$CALLER" && PYTHONPATH="$ROOT${PYTHONPATH:+:$PYTHONPATH}" "$@"); }

give_services_back() {
  [ -n "${SERVICES_HELD:-}" ] || return 0
  SERVICES_HELD=
  embedded release --instance "$HELD_INSTANCE" --holder $$ || true
}
