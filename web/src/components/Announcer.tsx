// The one live region of the page.
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";

import { onAnnouncement } from "./announcer.ts";

export function Announcer() {
  const [text, setText] = useState("");
  useEffect(() => onAnnouncement(setText), []);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {text}
    </VisuallyHidden>
  );
}
