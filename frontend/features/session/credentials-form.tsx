import { useRef, useState } from "react";
import { ApiError } from "@/features/api/api-fetch";
import { openSession, type Mode } from "./session";

/** The back end's rule for new passwords. */
const SHORTEST_PASSWORD = 8;

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
  const [shown, setShown] = useState(false);
  const [problem, setProblem] = useState<string>();
  const password = useRef<HTMLInputElement>(null);

  async function submit(form: HTMLFormElement) {
    const fields = new FormData(form);
    const text = (name: string) => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    setBusy(true);
    setProblem(undefined);
    try {
      await openSession(mode, text("email").trim(), text("password"));
      window.location.assign(next);
    } catch (error) {
      setBusy(false);
      setProblem(error instanceof ApiError ? error.message : "Something went wrong. Try again.");
      password.current?.focus();
    }
  }

  return (
    <form
      // Before the page's script runs, or without it, a password must never end up in an address.
      method="post"
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit(event.currentTarget);
      }}
    >
      <div role="alert">{problem !== undefined && <p className="notice-bad">{problem}</p>}</div>

      <div>
        <label htmlFor="email" className="label">
          Email
        </label>
        <input
          id="email"
          name="email"
          type="email"
          required
          maxLength={254}
          autoComplete="username"
          className="field"
        />
      </div>

      <div>
        <div className="flex items-baseline justify-between">
          <label htmlFor="password" className="label">
            Password
          </label>
          <button
            type="button"
            className="link text-sm"
            aria-pressed={shown}
            onClick={() => {
              setShown(!shown);
            }}
          >
            {shown ? "Hide" : "Show"}
            <span className="sr-only"> password</span>
          </button>
        </div>
        <input
          ref={password}
          id="password"
          name="password"
          type={shown ? "text" : "password"}
          required
          minLength={isNew ? SHORTEST_PASSWORD : undefined}
          maxLength={128}
          autoComplete={isNew ? "new-password" : "current-password"}
          aria-describedby={isNew ? "password-rule" : undefined}
          className="field"
        />
        {isNew && (
          <p id="password-rule" className="mt-2 text-sm text-ink-soft">
            At least {SHORTEST_PASSWORD} characters. A short sentence works well.
          </p>
        )}
      </div>

      <button type="submit" className="button w-full" aria-disabled={busy}>
        {busy ? words.busy : words.submit}
      </button>

      <p className="text-center text-ink-soft">
        {words.question}{" "}
        <a href={words.otherPage} className="link">
          {words.other}
        </a>
      </p>
    </form>
  );
}
