// The aliases that were looked at last, on this device; another tab's visits count as well.
import { useLocalStorage } from "@mantine/hooks";
import { useEffect } from "react";

const KEY = "bodhi-recent";
const MOST = 8;

/** Ids, the last one first. */
export function useRecent(): readonly string[] {
  const [ids] = useLocalStorage<readonly string[]>({
    key: KEY,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  return ids;
}

/** Remember that this alias is being looked at. */
export function useVisit(id: string | null): void {
  const [, setIds] = useLocalStorage<readonly string[]>({
    key: KEY,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  useEffect(() => {
    if (id !== null) setIds((before) => [id, ...before.filter((one) => one !== id)].slice(0, MOST));
  }, [id, setIds]);
}
