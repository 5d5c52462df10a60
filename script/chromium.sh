# Finds or installs the Chromium that browser tests drive; sourced after lib.sh.

# Prints an installed browser's path, or nothing.
installed_chromium() {
  local name path
  if [ -n "${CHROMIUM_PATH:-}" ]; then
    [ -x "$CHROMIUM_PATH" ] || fail "CHROMIUM_PATH=$CHROMIUM_PATH is not a program"
    printf '%s\n' "$CHROMIUM_PATH"
    return 0
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if path="$(command -v "$name")"; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  for path in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -x "$path" ]; then
      printf '%s\n' "$path"
      return 0
    fi
  done
}

playwright_chromium() {
  "$PYTHON" - <<'PY'
import pathlib, playwright.sync_api as api
with api.sync_playwright() as driver:
    path = pathlib.Path(driver.chromium.executable_path)
print(path if path.exists() else "")
PY
}

# Exports CHROMIUM_PATH: an installed browser, else Playwright's own, else the system package.
use_chromium() {
  CHROMIUM_PATH="$(installed_chromium)"
  if [ -z "$CHROMIUM_PATH" ]; then CHROMIUM_PATH="$(playwright_chromium)"; fi
  if [ -z "$CHROMIUM_PATH" ]; then
    say "Installing Playwright's Chromium"
    if "$PYTHON" -m playwright install chromium >&2; then
      if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        "$PYTHON" -m playwright install-deps chromium >&2 || true
      fi
      CHROMIUM_PATH="$(playwright_chromium)"
    fi
  fi
  if [ -z "$CHROMIUM_PATH" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing the system package chromium"
    apt-get update -q >&2 && apt-get install -y -q chromium >&2
    CHROMIUM_PATH="$(command -v chromium || true)"
  fi
  [ -n "$CHROMIUM_PATH" ] || fail "no Chromium: install one and name it in CHROMIUM_PATH"
  export CHROMIUM_PATH
}
