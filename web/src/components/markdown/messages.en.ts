// The words that stand in for what an answer may not show.

export const t = {
  picture: (alt: string) => (alt === "" ? "[picture]" : `[picture: ${alt}]`),
  table: "Table",
  code: "code",
  isDone: "☑ ",
  isOpen: "☐ ",
} as const;
