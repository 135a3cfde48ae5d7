import { useEffect, useRef, useState } from "react";
import { ApiError, messageOf } from "@/features/api/api-fetch";
import { keepEmail, takeEmail } from "./kept-email";
import { PasswordField } from "./password-field";
import { openSession, type Mode } from "./session";

const WORDS = {
  "sign-in": {
    submit: "Sign in",
    busy: "Signing in…",
    question: "New here?",
    other: "Create an account",
    otherPage: "/sign-up",
  },
  "sign-up": {
    submit: "Create account",
    busy: "Creating your account…",
    question: "Have an account already?",
    other: "Sign in",
    otherPage: "/sign-in",
  },
} as const;

/** Email and password, for signing in or for a new account. */
export function CredentialsForm({ mode, next }: { mode: Mode; next: string }) {
  const words = WORDS[mode];
  const isNew = mode === "sign-up";
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const kept = takeEmail();
    if (kept === "" || email.current === null || email.current.value !== "") return;
    email.current.value = kept;
    password.current?.focus();
  }, []);

  async function submit() {
    setBusy(true);
    setProblem(undefined);
    try {
      await openSession(mode, email.current?.value.trim() ?? "", password.current?.value ?? "");
      window.location.assign(next);
    } catch (error) {
      setBusy(false);
      setProblem(error);
      password.current?.focus();
    }
  }

  function takeEmailAlong() {
    keepEmail(email.current?.value.trim() ?? "");
  }

  return (
    <form
      // Before the page's script runs, or without it, a password must never end up in an address.
      method="post"
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      <div role="alert">
        {problem !== undefined && (
          <p className="notice-bad">
            {isNew && problem instanceof ApiError && problem.status === 409 ? (
              <>
                There is an account with this address already.{" "}
                <a href="/sign-in" className="underline" onClick={takeEmailAlong}>
                  Sign in to it
                </a>
              </>
            ) : (
              messageOf(problem)
            )}
          </p>
        )}
      </div>

      <div>
        <label htmlFor="email" className="label">
          Email
        </label>
        <input
          ref={email}
          id="email"
          name="email"
          // Accounts of an earlier application may have addresses that browsers do not take for one.
          type={isNew ? "email" : "text"}
          inputMode="email"
          required
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          className="field"
        />
      </div>

      <PasswordField
        ref={password}
        id="password"
        name="password"
        label="Password"
        kind={isNew ? "new-password" : "current-password"}
      />

      <button type="submit" className="button w-full" aria-disabled={busy}>
        {busy ? words.busy : words.submit}
      </button>

      <p className="text-center text-ink-soft">
        {words.question}{" "}
        <a href={words.otherPage} className="link" onClick={takeEmailAlong}>
          {words.other}
        </a>
      </p>
    </form>
  );
}
