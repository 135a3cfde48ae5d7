"use client";

import { useState } from "react";
import { closeSession } from "./session";

export function SignOutButton() {
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");

  async function signOut() {
    setState("busy");
    try {
      await closeSession();
      // A whole page load, so that nothing of this person's data stays in memory.
      window.location.assign("/");
    } catch {
      setState("failed");
    }
  }

  return (
    <button
      type="button"
      className="button-quiet"
      disabled={state === "busy"}
      onClick={() => void signOut()}
    >
      {state === "failed" ? "Try signing out again" : "Sign out"}
    </button>
  );
}
