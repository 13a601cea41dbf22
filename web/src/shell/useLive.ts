// Follows the server's events for as long as the page is open, and says whether it is heard.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { currentLiveness, follow, type Liveness, subscribeLiveness } from "@/api/live.ts";

export function useFollowing(enabled: boolean): void {
  const queries = useQueryClient();
  useEffect(() => (enabled ? follow(queries) : undefined), [queries, enabled]);
}

export function useLiveness(): Liveness {
  return useSyncExternalStore(subscribeLiveness, currentLiveness);
}
