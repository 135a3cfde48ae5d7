import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { hearOtherTabs } from "./other-tabs";
import { taskListReader, tasksKey, type FirstTasks } from "./task-list";

/** Milliseconds between questions while the page is seen: everybody's changes are there within 2 s. */
const SEEN = 1_500;

/** The same when nobody has touched the page for a while, or when the last question failed. */
const UNTOUCHED = 15_000;
const FAILED = 5_000;

/** Milliseconds without a key, a click or a movement after which nobody seems to be there. */
const A_WHILE = 10 * 60_000;

/**
 * The person's tasks, followed while the page is seen: changes by other windows, other devices and
 * programs appear within 2 s. A page that is hidden asks nothing, and at once when it is seen again.
 */
export function useTaskList(userId: string, first: FirstTasks | undefined) {
  const client = useQueryClient();
  const [read] = useState(() => taskListReader(client, userId, first));
  const key = tasksKey(userId);
  const list = useQuery({
    queryKey: key,
    queryFn: read,
    ...(first && {
      initialData: first.tasks,
      // What came with the page is new, unless it is only a part.
      ...(first.tasks.length < first.total && { initialDataUpdatedAt: 0 }),
    }),
    staleTime: SEEN,
    // The reader keeps what has not changed; looking through all of it again costs time.
    structuralSharing: false,
    refetchInterval: ({ state }) =>
      state.status === "error" ? FAILED : Date.now() - lastTouched > A_WHILE ? UNTOUCHED : SEEN,
  });
  const { refetch } = list;
  useEffect(() => {
    const ask = () => void refetch();
    const endHearing = hearOtherTabs(userId, ask);
    const endFeeling = feelTouches(ask);
    return () => {
      endHearing();
      endFeeling();
    };
  }, [userId, refetch]);
  return list;
}

let lastTouched = Date.now();

/** Notes when the page is touched; `onReturn` is called when that happens after a while. */
function feelTouches(onReturn: () => void): () => void {
  const touched = () => {
    const away = Date.now() - lastTouched;
    lastTouched = Date.now();
    if (away > A_WHILE) onReturn();
  };
  const events = ["keydown", "pointerdown", "pointermove", "focus"];
  for (const event of events) window.addEventListener(event, touched, { passive: true });
  return () => {
    for (const event of events) window.removeEventListener(event, touched);
  };
}
