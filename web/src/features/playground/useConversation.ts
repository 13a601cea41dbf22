// The thread that is shown: the one that the address names, or one that has not begun.
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

import { Conversation, fresh } from "./Conversation.ts";
import { noteLeaving } from "./leaving.ts";
import { currentShelf, keepThread, readShelf, type Shelf, subscribeShelf } from "./shelf.ts";
import { freshThread, type Thread } from "./thread.ts";

function begun(thread: Thread = freshThread(fresh(), Date.now())): Conversation {
  return new Conversation(thread, keepThread);
}

export interface Talk {
  readonly conversation: Conversation;
  readonly shelf: Shelf;
  readonly begin: () => void;
}

/**
 * A part of the thread: who reads a part is drawn anew when it changes, and not with every piece of
 * an answer. `read` makes nothing new.
 */
export function usePartOf<T>(conversation: Conversation, read: (thread: Thread) => T): T {
  return useSyncExternalStore(conversation.subscribe, () => read(conversation.snapshot()));
}

export function useConversation(wanted: string | undefined): Talk {
  const [conversation, setConversation] = useState(begun);
  // Which address was gone after last: a thread that was just begun has none yet.
  const [followed, setFollowed] = useState<string | undefined>(undefined);
  const shelf = useSyncExternalStore(subscribeShelf, currentShelf);
  useEffect(() => {
    void readShelf();
  }, []);
  useEffect(() => {
    let isNoted = false;
    // While a page goes, the next one may read before this one is told: so before it goes. A phone
    // says nothing before.
    const leave = ({ type }: Event) => {
      const isBefore = type === "beforeunload";
      const coming = conversation.keepNow();
      if (coming !== null && (isBefore || !isNoted)) noteLeaving(coming);
      isNoted = isBefore;
    };
    // A phone ends a page that is not seen without a word.
    const hide = () => {
      if (document.visibilityState === "hidden") conversation.keepNow();
    };
    window.addEventListener("beforeunload", leave);
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", hide);
    return () => {
      window.removeEventListener("beforeunload", leave);
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hide);
      conversation.stop();
    };
  }, [conversation]);
  if (wanted !== followed && (wanted === undefined || shelf.isRead)) {
    setFollowed(wanted);
    const other = shelf.threads.find(({ id }) => id === wanted);
    if (other !== undefined && conversation.snapshot().id !== wanted) setConversation(begun(other));
  }
  const begin = useCallback(() => {
    setConversation(begun());
  }, []);
  return { conversation, shelf, begin };
}
