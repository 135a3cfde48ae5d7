import { useState } from "react";
import { messageOf } from "@/features/api/api-fetch";

/** Something that a form does: whether it is under way, and what went wrong the last time. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  /** Resolves to whether it went well. Nothing starts while something is under way. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(messageOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return {
    busy,
    problem,
    attempt,
    forgetProblem: () => {
      setProblem(undefined);
    },
  };
}
