import { useState } from "react";
import { changePassword } from "./account";
import { PasswordField } from "./password-field";
import { Section } from "./section";
import { useAttempt } from "./use-attempt";

export function ChangePassword() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [changed, setChanged] = useState(false);
  const { busy, problem, attempt } = useAttempt();

  async function change() {
    setChanged(false);
    if (!(await attempt(() => changePassword(current, next)))) return;
    setCurrent("");
    setNext("");
    setChanged(true);
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
        <div role="alert">{problem !== undefined && <p className="notice-bad">{problem}</p>}</div>
        <div role="status">{changed && <p className="notice">Your password is changed.</p>}</div>
        <button type="submit" className="button" aria-disabled={busy}>
          {busy ? "Changing…" : "Change password"}
        </button>
      </form>
    </Section>
  );
}
