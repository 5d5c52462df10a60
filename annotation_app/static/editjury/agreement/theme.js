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

/** The option that is easier to read on a colour, all as `#rrggbb` or `rgb(r,g,b)`. */
export function readable(colour, options) {
  const contrast = (option) => {
    const lights = [luminance(option), luminance(colour)].sort((a, b) => b - a);
    return (lights[0] + 0.05) / (lights[1] + 0.05);
  };
  return options.reduce((best, option) => (contrast(option) > contrast(best) ? option : best));
}

function luminance(colour) {
  const parts = colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : colour.match(/\d+/g).map(Number);
  const linear = parts.map((part) => part / 255).map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** A colour between two `#rrggbb` colours; share 0 is the first. */
export function between(first, second, share) {
  const parts = [first, second].map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  const mixed = parts[0].map((one, i) => Math.round(one + (parts[1][i] - one) * share));
  return `rgb(${mixed.join(",")})`;
}
