// The words around a picture of figures.

export const t = {
  asTable: (title: string) => `${title} as a table`,
  asPicture: (title: string) => `${title} as a picture`,
  csvOf: (title: string) => `Download ${title} as CSV`,
  none: "–",
  noValue: "no value",
} as const;
