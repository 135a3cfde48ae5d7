import { useState } from "react";
import { forgetDrafts } from "./draft";
import { closeSession } from "./session";

export function SignOutButton() {
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");

  async function signOut() {
    setState("busy");
    try {
      await closeSession();
      forgetDrafts();
      // A whole page load, so that nothing of this person's data stays in memory.
      window.location.assign("/");
    } catch {
      setState("failed");
    }
  }

  return (
    <button
      type="button"
      className="button-quiet whitespace-nowrap"
      aria-disabled={state === "busy"}
      onClick={() => {
        if (state !== "busy") void signOut();
      }}
    >
      {state === "failed" ? "Try signing out again" : "Sign out"}
    </button>
  );
}
