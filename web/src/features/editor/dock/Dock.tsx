// Beside the form: a test of the draft, what its values come to, and the file itself.
import { Tabs } from "@mantine/core";
import { memo, useCallback } from "react";

import type { Editor } from "../useEditor.ts";
import styles from "./Dock.module.css";
import { t } from "./messages.en.ts";
import { SourcePane } from "./SourcePane.tsx";
import { TestPane } from "./TestPane.tsx";
import { ValuesPane } from "./ValuesPane.tsx";

/** It is drawn after the form: a knob does not wait for it. */
export default memo(function Dock({ editor }: { readonly editor: Editor }) {
  const { sync } = editor.store;
  // What is tried is what the server has: the draft is saved first.
  const textOf = useCallback(
    async () => ((await sync.flush()) ? sync.snapshot().known.text : null),
    [sync],
  );
  return (
    <aside id="editor-dock" className={styles.dock} aria-label={t.dock}>
      <Tabs defaultValue="test" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="test">{t.tabs.test}</Tabs.Tab>
          <Tabs.Tab value="values">{t.tabs.values}</Tabs.Tab>
          <Tabs.Tab value="source">{t.tabs.source}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="test">
          <TestPane textOf={textOf} disabled={editor.isUnreadable} />
        </Tabs.Panel>
        <Tabs.Panel value="values">
          <ValuesPane editor={editor} />
        </Tabs.Panel>
        <Tabs.Panel value="source">
          <SourcePane store={editor.store} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
});
