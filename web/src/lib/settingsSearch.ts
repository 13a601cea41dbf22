// Which part of the settings an address shows. Pure.

export const TABS = ["page", "server", "keys", "about"] as const;
type Tab = (typeof TABS)[number];

export interface SettingsSearch {
  readonly tab?: Exclude<Tab, "page">;
}

export function readSettingsSearch(raw: Readonly<Record<string, unknown>>): SettingsSearch {
  const tab = TABS.find((one) => one === raw.tab) ?? "page";
  return tab === "page" ? {} : { tab };
}
