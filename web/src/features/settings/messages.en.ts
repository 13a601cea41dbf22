// The words of settings and keys.

const plural = new Intl.PluralRules("en");
const counted = (n: number, one: string, other: string): string =>
  `${n.toLocaleString("en")} ${plural.select(n) === "one" ? one : other}`;

export const t = {
  title: "Settings",
  tabs: { page: "This page", server: "Server", keys: "Keys", about: "About" },
  tabsLabel: "What to set",
  cancel: "Cancel",
  loading: "Loading settings",

  pageLead: "Kept on this device, for this browser alone.",
  theme: "Theme",
  themes: { auto: "System", light: "Light", dark: "Dark" },
  density: "Rows of lists",
  densities: { auto: "Automatic", comfortable: "Comfortable", compact: "Compact" },
  densityHint: "Automatic: compact where there are more than 50 aliases.",
  letters: "Single letters as commands",
  lettersHint: "j, k, t, g and others act where nobody types. With ⌘ or Ctrl, keys always work.",

  serverLead:
    "They are read when the server starts, and nothing of them changes over the page. The line beside each changes it from the next start on.",
  search: "Search settings",
  noMatch: "No setting fits the search.",
  sources: {
    default: "default",
    "settings.yaml": "settings.yaml",
    "command line": "command line",
  } as Readonly<Record<string, string>>,
  onlyOwn: "Only those that were set",
  inFile: (name: string) => `the line of settings.yaml for ${name}`,
  inEnvironment: (name: string) => `the variable for ${name}`,

  keysLead: "Programs and browsers that may ask this server. A key is told once, and never again.",
  open: "This server asks for no key: whoever reaches it may do everything.",
  openRemedy: "To ask for keys on this machine too, start it with require_key: true.",
  newKey: "New key",
  noKeys: "No keys yet",
  noKeysText: "Make one for each program or person, so that each can be taken back alone.",
  keyName: "Name",
  keyNameHint: "For whom or what it is, such as laptop",
  scope: "May",
  scopes: { inference: "ask models", admin: "do everything" },
  scopeHints: {
    inference: "/v1 alone: chat, completions, embeddings",
    admin: "This page and the whole API as well",
  },
  aliases: "Only these aliases",
  aliasesHint: "Empty: all of them",
  allAliases: "all aliases",
  made: "Made",
  lastRequest: "Last request",
  neverUsed: "none yet",
  requests: (n: number) => counted(n, "request", "requests"),
  actions: "Actions",
  revoke: "Revoke",
  revokeOne: (name: string) => `Revoke ${name}`,
  revokeTitle: (name: string) => `Revoke ${name}?`,
  revokeSure:
    "Whoever holds it is shut out within a second, what is being answered for it breaks off, and it cannot come back.",
  revokeOwn: "You are signed in with this key: this page will ask you to sign in again.",
  revoked: (name: string) => `Revoked ${name}`,
  make: "Make the key",
  madeTitle: (name: string) => `The key ${name}`,
  once: "Copy it now. It is not kept, and nobody can show it again.",
  theKey: "the key",
  done: "I have copied it",
  count: (n: number) => counted(n, "key", "keys"),
  thisOne: "this browser’s",
  configured: "A key of the setting api_key is valid, too; it is not listed here.",

  version: "Version",
  address: "Address",
  paths: "Where things are",
  home: "Home: aliases, versions, drafts, templates, presets, state",
  hub: "Model files",
  folders: "More model folders",
  none: "none",
  api: "API description",
  license: "License",
  licenseText: "MIT; those of what it is made of are in the package",
} as const;
