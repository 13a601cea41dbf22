// Single letters as commands: never while somebody types, never with a modifier.

const TYPING = "input, textarea, select, [contenteditable=true], [role=textbox]";

/** Where this browser keeps whether single letters are commands; "false" says that they are not. */
export const LETTERS_KEY = "bodhi-letters";

/** Whether this key may be a command by itself: letters and signs can be switched off. */
export function actsAlone(key: string): boolean {
  return key.length > 1 || key === " " || localStorage.getItem(LETTERS_KEY) !== "false";
}

/** Whether a key press may be taken as a command. */
export function isCommand(event: KeyboardEvent): boolean {
  if (!actsAlone(event.key)) return false;
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
