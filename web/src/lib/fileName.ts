// The file that an alias of a name is kept in; whether the name may be one, the server says. Pure.

/** `llama3:instruct` is kept in `llama3--instruct.yaml`. */
export function fileNameOf(name: string): string {
  return `${name.trim().replaceAll(/[:/]/g, "--")}.yaml`;
}
