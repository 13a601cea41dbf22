// The words of the trash.

export const t = {
  title: "Trash",
  lead: "Deleted aliases and chat templates come back from here for 30 days.",
  loading: "Loading the trash",
  none: "Nothing was deleted",
  noneText: "Deleted aliases and chat templates lie here for 30 days before they are gone.",
  restore: "Restore",
  restoreOne: (name: string) => `Restore ${name}`,
  purge: "Delete for good",
  purgeOne: (name: string) => `Delete for good: ${name}`,
  purged: (name: string) => `${name} is gone for good`,
  sure: (name: string) => `Delete ${name} for good? It cannot come back.`,
  cancel: "Cancel",
  deleted: "deleted",
  template: "chat template",
  version: (n: number) => `version ${n}`,
} as const;
