// What a preset may be called. Pure.

/** `My Coding (2).yaml` is `my-coding-2`. */
export function presetNameOf(file: string): string {
  return file
    .replace(/\.ya?ml$/i, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, "");
}
