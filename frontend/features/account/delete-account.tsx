import { useRef, useState } from "react";
import { forgetDrafts } from "@/features/session/draft";
import { PasswordField } from "@/features/session/password-field";
import { deleteAccount } from "./account";
import { Section } from "./section";
import { useAttempt } from "./use-attempt";

export function DeleteAccount() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [password, setPassword] = useState("");
  const { busy, problem, attempt, forgetProblem } = useAttempt();

  async function remove() {
    if (!(await attempt(() => deleteAccount(password)))) return;
    forgetDrafts();
    window.location.replace("/sign-in?deleted");
  }

  return (
    <Section
      id="delete-heading"
      heading="Delete the account"
      explanation="Your tasks, conversations and tokens are deleted with it, for good."
    >
      <button
        type="button"
        className="button-bad min-h-11"
        onClick={() => {
          dialog.current?.showModal();
        }}
      >
        Delete my account…
      </button>
      <dialog
        ref={dialog}
        aria-labelledby="delete-dialog-heading"
        className="sheet"
        onClose={() => {
          setPassword("");
          forgetProblem();
        }}
      >
        <form
          method="post"
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            void remove();
          }}
        >
          <h2 id="delete-dialog-heading" className="text-xl font-semibold">
            Delete everything?
          </h2>
          <p>This cannot be undone. Enter your password to go on.</p>
          <PasswordField
            id="delete-password"
            label="Password"
            kind="current-password"
            value={password}
            onChange={setPassword}
          />
          <div role="alert">{problem !== undefined && <p className="notice-bad">{problem}</p>}</div>
          <div className="flex flex-wrap justify-end gap-2">
            <button
              type="button"
              className="button-quiet min-h-11"
              onClick={() => {
                dialog.current?.close();
              }}
            >
              Keep my account
            </button>
            <button type="submit" className="button-bad min-h-11" aria-disabled={busy}>
              {busy ? "Deleting…" : "Delete for good"}
            </button>
          </div>
        </form>
      </dialog>
    </Section>
  );
}
