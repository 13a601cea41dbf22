// `/settings`: what this browser keeps of its own, what the server was told, its keys, what it is.
import { Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";

import { Screen } from "@/components/Screen.tsx";
import { TABS } from "@/lib/settingsSearch.ts";

import { AboutTab } from "./AboutTab.tsx";
import { KeysTab } from "./KeysTab.tsx";
import { t } from "./messages.en.ts";
import { PageTab } from "./PageTab.tsx";
import { ServerTab } from "./ServerTab.tsx";
import styles from "./SettingsScreen.module.css";

const route = getRouteApi("/settings");

export function SettingsScreen() {
  const { tab = "page" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Screen title={t.title}>
      <Tabs
        className={styles.tabs ?? ""}
        value={tab}
        keepMounted={false}
        onChange={(value) => {
          const chosen = TABS.find((one) => one === value);
          void navigate({
            search: chosen === undefined || chosen === "page" ? {} : { tab: chosen },
          });
        }}
      >
        <Tabs.List aria-label={t.tabsLabel}>
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t.tabs[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="page" className={styles.panel ?? ""}>
          <PageTab />
        </Tabs.Panel>
        <Tabs.Panel value="server" className={styles.panel ?? ""}>
          <ServerTab />
        </Tabs.Panel>
        <Tabs.Panel value="keys" className={styles.panel ?? ""}>
          <KeysTab />
        </Tabs.Panel>
        <Tabs.Panel value="about" className={styles.panel ?? ""}>
          <AboutTab />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  );
}
