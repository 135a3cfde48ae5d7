import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PasswordField } from "@/features/session/password-field";
import { changePassword } from "./account";
import { Section } from "./section";
import { SIGN_INS } from "./sign-ins";
import { TOKENS } from "./access-tokens";
import { useAttempt } from "./use-attempt";

export function ChangePassword() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [revokeTokens, setRevokeTokens] = useState(true);
  const [changed, setChanged] = useState("");
  const client = useQueryClient();
  const { busy, problem, attempt } = useAttempt();

  async function change() {
    setChanged("");
    if (!(await attempt(() => changePassword(current, next, revokeTokens)))) return;
    setCurrent("");
    setNext("");
    setChanged(
      revokeTokens
        ? "Your password is changed. You are signed out everywhere else, and all tokens are revoked."
        : "Your password is changed. You are signed out everywhere else.",
    );
    await Promise.all([SIGN_INS, TOKENS].map((queryKey) => client.invalidateQueries({ queryKey })));
  }

  return (
    <Section
      id="password-heading"
      heading="Password"
      explanation="Changing it signs you out everywhere else."
    >
      <form
        method="post"
        className="max-w-sm space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <PasswordField
          id="current-password"
          label="Current password"
          kind="current-password"
          value={current}
          onChange={setCurrent}
        />
        <PasswordField
          id="new-password"
          label="New password"
          kind="new-password"
          value={next}
          onChange={setNext}
        />
        <label className="flex gap-3">
          <input
            type="checkbox"
            className="mt-1 size-4 shrink-0 accent-accent"
            checked={revokeTokens}
            onChange={(event) => {
              setRevokeTokens(event.target.checked);
            }}
          />
          Revoke the tokens of other programs too
        </label>
        <div role="alert">{problem !== undefined && <p className="notice-bad">{problem}</p>}</div>
        <div role="status">{changed !== "" && <p className="notice">{changed}</p>}</div>
        <button type="submit" className="button" aria-disabled={busy}>
          {busy ? "Changing…" : "Change password"}
        </button>
      </form>
    </Section>
  );
}
