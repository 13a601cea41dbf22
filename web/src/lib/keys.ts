// Single letters as commands: never while somebody types, never with a modifier.

const TYPING = "input, textarea, select, [contenteditable=true], [role=textbox]";

/** Whether a key press may be taken as a command. */
export function isCommand(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  return !(event.target instanceof Element) || event.target.closest(TYPING) === null;
}

/** Whether this is the platform's command key with `key`: ⌘ on Apple's machines, else Ctrl. */
export function isChord(event: KeyboardEvent, key: string): boolean {
  return (event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === key;
}

/** How the command key is called here. */
export function chordName(): string {
  return /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
}
