// Beside the form: a test of the draft, what its values come to, and the file itself.
import { Tabs } from "@mantine/core";

import type { Editor } from "../useEditor.ts";
import styles from "./Dock.module.css";
import { t } from "./messages.en.ts";
import { SourcePane } from "./SourcePane.tsx";
import { TestPane } from "./TestPane.tsx";
import { ValuesPane } from "./ValuesPane.tsx";

export default function Dock({ editor }: { readonly editor: Editor }) {
  return (
    <aside className={styles.dock} aria-label={t.dock}>
      <Tabs defaultValue="test" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="test">{t.tabs.test}</Tabs.Tab>
          <Tabs.Tab value="values">{t.tabs.values}</Tabs.Tab>
          <Tabs.Tab value="source">{t.tabs.source}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="test">
          <TestPane textOf={() => savedText(editor)} disabled={editor.isUnreadable} />
        </Tabs.Panel>
        <Tabs.Panel value="values">
          <ValuesPane editor={editor} />
        </Tabs.Panel>
        <Tabs.Panel value="source">
          <SourcePane editor={editor} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

/** What is tried is what the server has: the draft is saved first. */
async function savedText({ store }: Editor): Promise<string | null> {
  return (await store.sync.flush()) ? store.sync.snapshot().known.text : null;
}
