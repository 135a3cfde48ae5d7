/** Updates and destroys a stack with the Automation API, showing each step as it goes. */
import { OperationFailed, openStack as openTodoStack, type TodoStack } from "../../automation";
import { bareWorks } from "../environment";
import { usesOwnBackend, type Environment } from "../../automation/environment";
import { Interrupted, messageOf, UserError } from "../../tools/errors";
import type { ClusterAddress } from "../../tools/kubectl";
import { note, print } from "../terminal";
import { explain, inUsersForm } from "../../tools/known-errors";
import type { PulumiCli } from "../../tools/pulumi";
import { settleInterrupted } from "../../automation/interrupted";
import { clearStaleLocks } from "../../automation/lock";
import { Progress, type Failure } from "./progress";
import { requireWholeState } from "../../automation/state";

export type StackHandle = TodoStack;

/** Selects the stack, or with `create` makes it; the stack's file must be there already. */
export async function openStack(
  name: string,
  cli: PulumiCli,
  environment: Environment,
  { create = false }: { create?: boolean } = {},
): Promise<StackHandle> {
  if (usesOwnBackend(name)) requireWholeState(name);
  try {
    return await openTodoStack({ stack: name, pulumi: cli, environment, create });
  } catch (error) {
    throw asUserError(messageOf(error), []);
  }
}

function asUserError(text: string, failures: Failure[]): UserError {
  const all = [...failures.map((f) => [f.message, ...f.output].join("\n")), text].join("\n");
  const known = explain(all);
  const details = failures.map(({ resource, message, output }) => {
    const body = [...output, message]
      .map((line) => `  ${line.replaceAll("\n", "\n  ")}`)
      .join("\n");
    return `${resource === "" ? "The program" : resource}:\n${body}`;
  });
  // A known cause replaces the engine's words, except where those hold a build's or a pod's own.
  const hasOwnWords = known?.withDetails === true || failures.some((f) => f.output.length > 0);
  const shown = known === undefined || hasOwnWords ? details : [];
  const message = known?.message ?? "The update failed.";
  const words = shown.length > 0 ? `${message}\n\n${shown.join("\n\n")}` : message;
  const fallback =
    known === undefined && failures.length === 0 ? `${words}\n${text.trim()}` : words;
  return new UserError(
    fallback,
    known?.next ?? ["npm start                  (continues where it stopped)"],
  );
}

async function withProgress(
  handle: StackHandle,
  signal: AbortSignal,
  what: (progress: Progress) => Promise<unknown>,
): Promise<Progress> {
  if (usesOwnBackend(handle.name) && clearStaleLocks(handle.name) > 0) {
    print("An earlier update was killed; its lock is removed.");
  }
  const progress = new Progress();
  try {
    await what(progress);
  } catch (error) {
    progress.stop();
    if (signal.aborted) throw new Interrupted(["npm start   (continues where it stopped)"]);
    const text = error instanceof OperationFailed ? error.output : messageOf(error);
    throw asUserError(text, progress.failures());
  }
  progress.stop();
  progress.warnings.forEach((line) => {
    note(inUsersForm(line, bareWorks()));
  });
  return progress;
}

/**
 * Brings the stack's objects into being.
 * @param refresh also compares the state with the cluster first: needed when the cluster is another one
 */
export async function update(
  handle: StackHandle,
  options: { refresh: boolean; cluster: ClusterAddress; signal: AbortSignal },
): Promise<Progress> {
  const { refresh, cluster, signal } = options;
  return withProgress(handle, signal, async (progress) => {
    const open = usesOwnBackend(handle.name) ? await settleInterrupted(handle, cluster) : [];
    if (open.length > 0) {
      print(
        `An earlier update was killed while making ${open.join(", ")}; what exists of it is taken over.`,
      );
    }
    await handle.up({ refresh: refresh || open.length > 0, signal, onEvent: progress.handle });
  });
}

/** Removes the stack's objects; the stack itself and its configuration stay. */
export async function destroy(handle: StackHandle, signal: AbortSignal): Promise<Progress> {
  return withProgress(handle, signal, (progress) =>
    handle.destroy({ signal, onEvent: progress.handle }),
  );
}
