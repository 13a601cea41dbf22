// The words of the trash.

export const t = {
  title: "Trash",
  lead: "Deleted aliases come back from here for 30 days.",
  loading: "Loading the trash",
  none: "Nothing was deleted",
  noneText: "Deleted aliases lie here for 30 days before they are gone.",
  restore: "Restore",
  restoreOne: (name: string) => `Restore ${name}`,
  purge: "Delete for good",
  purgeOne: (name: string) => `Delete for good: ${name}`,
  purged: (name: string) => `${name} is gone for good`,
  sure: (name: string) => `Delete ${name} for good? It cannot come back.`,
  cancel: "Cancel",
  deleted: "deleted",
  version: (n: number) => `version ${n}`,
} as const;
