import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { timeZone } from "@/lib/dates";
import { changeTimeZone, fetchAccount } from "./account";
import { ACCOUNT } from "./profile";
import { Section } from "./section";
import { useAttempt } from "./use-attempt";

/**
 * Where other programs take this person to be. It follows the browser in which the list was seen last, so there is
 * nothing to choose but this one.
 */
export function TimeZone() {
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: ACCOUNT, queryFn: fetchAccount });
  const { busy, problem, attempt } = useAttempt();
  const outcome = useRef<HTMLParagraphElement>(null);
  const kept = data?.time_zone;
  // What the account says is known in the browser alone, so this is not asked on the server.
  const here = data === undefined ? undefined : timeZone();

  async function change(zone: string) {
    await attempt(async () => {
      client.setQueryData(ACCOUNT, await changeTimeZone(zone));
      // Its button goes.
      outcome.current?.focus();
    });
  }

  return (
    <Section
      id="time-zone-heading"
      heading="Time zone"
      explanation="What “today” means to programs that work with your tasks. It follows the browser that you use."
    >
      <p ref={outcome} role="status" tabIndex={-1} className="min-h-7">
        {data !== undefined && (kept == null ? "Not known yet" : inWords(kept))}
      </p>
      <div role="alert">
        {problem !== undefined && <p className="notice-bad mt-3">{problem}</p>}
      </div>
      {here !== undefined && here !== kept && (
        <button
          type="button"
          className="button-quiet mt-3 min-h-11"
          aria-disabled={busy}
          onClick={() => void change(here)}
        >
          Change to {inWords(here)}, where this browser is
        </button>
      )}
    </Section>
  );
}

/** "America/Los Angeles" */
function inWords(zone: string): string {
  return zone.replaceAll("_", " ");
}
