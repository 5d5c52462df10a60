// Texts with places for values.

/** Put values into a text's `{name}` places. */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
