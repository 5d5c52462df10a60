// The page's colours for drawings, and when they change.

const NAMES = ["surface", "surface-2", "line", "line-strong", "text", "text-2", "accent", "bad", "warn"];

/** The tokens in force, as `{surface: "#…", …}`. */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const tokens = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...tokens, font: getComputedStyle(document.body).fontFamily };
}

/** Calls back when the system turns dark or light. */
export function onThemeChange(callback) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
}

/** A colour between two `#rrggbb` colours; share 0 is the first. */
export function between(first, second, share) {
  const parts = [first, second].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  const mixed = parts[0].map((one, i) => Math.round(one + (parts[1][i] - one) * share));
  return `rgb(${mixed.join(",")})`;
}
