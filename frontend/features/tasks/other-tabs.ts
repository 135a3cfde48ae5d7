/** Other tabs of this browser hear of a change at once, instead of with their next question. */

/** Which list has changed; nothing of what is in it. */
function channelOf(userId: string): string {
  return `tasks ${userId}`;
}

/** Tells the other tabs that show this person's list that the back end has a change of it. */
export function tellOtherTabs(userId: string): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(channelOf(userId));
  channel.postMessage("changed");
  channel.close();
}

/** Calls `onChange` when another tab has changed the list; the returned function ends that. */
export function hearOtherTabs(userId: string, onChange: () => void): () => void {
  if (typeof BroadcastChannel === "undefined") return () => undefined;
  const channel = new BroadcastChannel(channelOf(userId));
  channel.onmessage = onChange;
  return () => {
    channel.close();
  };
}
