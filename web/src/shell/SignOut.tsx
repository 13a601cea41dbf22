// Ends the session, where there is one; the page forgets what it has read by beginning anew.
import { ActionIcon } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";

import { asProblem, inOneLine } from "@/api/problem.ts";
import { sessionQuery, signOut } from "@/api/session.ts";
import { toastFailure } from "@/components/toast.ts";
import { t } from "@/messages.en.ts";

/** Null where nobody is signed in: a server without keys has nothing to sign out of. */
export function useSignOut(): (() => void) | null {
  const { data } = useQuery(sessionQuery);
  if (data?.signed_in !== true) return null;
  return () => {
    signOut().then(
      () => {
        location.reload();
      },
      (error: unknown) => {
        toastFailure(inOneLine(asProblem(error)));
      },
    );
  };
}

export function SignOutButton({ size }: { readonly size: number }) {
  const run = useSignOut();
  if (run === null) return null;
  return (
    <ActionIcon size={size} aria-label={t.signIn.out} title={t.signIn.out} onClick={run}>
      <IconLogout size={size > 32 ? 20 : 17} stroke={1.7} />
    </ActionIcon>
  );
}
