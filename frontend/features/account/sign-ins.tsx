import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { messageOf } from "@/features/api/api-fetch";
import { forgetDrafts } from "@/features/session/draft";
import { dateAndTimeInWords, dateInWords } from "@/lib/dates";
import { endSignIn, fetchSignIns, signOutEverywhere, type SignIn } from "./account";
import { ConfirmButton } from "./confirm-button";
import { deviceName } from "./device-name";
import { Section } from "./section";
import { useAttempt } from "./use-attempt";

export const SIGN_INS = ["sign-ins"];

/** Every browser and program in which this person is signed in. */
export function SignIns() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: SIGN_INS, queryFn: fetchSignIns });
  const [ended, setEnded] = useState("");
  const outcome = useRef<HTMLDivElement>(null);
  const { busy, problem, attempt } = useAttempt();

  async function end(signIn: SignIn) {
    if (await attempt(() => endSignIn(signIn.id))) {
      setEnded(`${deviceName(signIn.user_agent)} is signed out.`);
      // Its button is gone.
      outcome.current?.focus();
    }
    await client.invalidateQueries({ queryKey: SIGN_INS });
  }

  async function endAll() {
    if (!(await attempt(signOutEverywhere))) return;
    forgetDrafts();
    window.location.replace("/sign-in?everywhere");
  }

  return (
    <Section
      id="sign-ins-heading"
      heading="Where you are signed in"
      explanation="Somewhere you do not know? Sign out there, and change your password."
    >
      <div role="alert">
        {problem !== undefined && <p className="notice-bad mb-4">{problem}</p>}
      </div>
      <div ref={outcome} role="status" tabIndex={-1}>
        {ended !== "" && <p className="notice mb-4">{ended}</p>}
      </div>
      {list.data === undefined ? (
        <p className="text-ink-soft" role="status">
          {list.isError ? messageOf(list.error) : "Loading where you are signed in…"}
        </p>
      ) : (
        <ul className="mb-4 divide-y divide-line border-y border-line">
          {list.data.map((signIn) => (
            <li key={signIn.id} className="flex flex-wrap items-center gap-3 py-3">
              <div className="min-w-0 flex-1 basis-48">
                <p className="font-medium wrap-anywhere">
                  {deviceName(signIn.user_agent)}
                  {signIn.current && <span className="font-normal"> · here, now</span>}
                </p>
                <p className="text-sm text-ink-soft">{timesOf(signIn)}</p>
              </div>
              {!signIn.current && (
                <ConfirmButton
                  label="Sign out"
                  fullLabel={`Sign out of ${deviceName(signIn.user_agent)}`}
                  question="Sign out there?"
                  onConfirm={() => void end(signIn)}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        className="button-quiet min-h-11"
        aria-disabled={busy}
        onClick={() => void endAll()}
      >
        Sign out everywhere
      </button>
    </Section>
  );
}

function timesOf({ created_at, last_used_at, current }: SignIn): string {
  const since = dateInWords(new Date(created_at), "medium");
  if (current || last_used_at === null) return `Signed in on ${since}`;
  const used = dateAndTimeInWords(new Date(last_used_at));
  return `Last used ${used} · signed in on ${since}`;
}
