// A parameter's value as text that can be told apart: "" is not nothing, and " " is not "". Pure.

const VISIBLE: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

/** Texts in quotes with their escapes shown, lists in brackets, numbers as they are. */
export function valueText(value: unknown): string {
  if (typeof value === "string") {
    return `“${value.replaceAll(/[\n\t\r]/g, (found) => VISIBLE[found] ?? found)}”`;
  }
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

/** What an alias sets: a value, or the two ends between which requests are kept. */
export function settingText(one: { readonly value: unknown; readonly bounds: unknown }): string {
  return Array.isArray(one.bounds) ? one.bounds.map(valueText).join(" … ") : valueText(one.value);
}
