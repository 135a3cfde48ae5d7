/**
 * This project as a library: deploy, preview, check for drift and remove its stacks from a program.
 *
 *     import { deploy } from "todo-app/automation";
 *
 *     const { outputs, changes } = await deploy({ stack: "staging" });
 *     console.log(outputs.url, changes);
 *
 * It is TypeScript: run the program with `node --import tsx`, on Node 22.12 or newer. The stack's file
 * (Pulumi.NAME.yaml) is the one in this project's folder, and its backend and passphrase are those of
 * the environment (PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE), as for a bare `pulumi`.
 */
import { openStack, type OpenOptions } from "./open";
import type { Deployed, OperationOptions, UpOptions } from "./stack";
import type { Review } from "../review/model";

export { OperationFailed } from "./failed";
export { NoPulumiError, openStack, type OpenOptions } from "./open";
export {
  TodoStack,
  type Deployed,
  type OperationOptions,
  type Outputs,
  type PlainValue,
  type UpOptions,
} from "./stack";
export { comment as reviewAsMarkdown } from "../review/markdown";
export { isEmpty, type Change, type Field, type Review } from "../review/model";

/** Brings a stack's objects into being. @returns its outputs, and how many resources changed */
export async function deploy(options: OpenOptions & UpOptions): Promise<Deployed> {
  return (await openStack({ create: true, ...options })).up(options);
}

/**
 * What `deploy` would change.
 * @throws the Automation API's StackNotFoundError for a stack that was never deployed
 */
export async function preview(options: OpenOptions & { signal?: AbortSignal }): Promise<Review> {
  return (await openStack(options)).preview(options.signal);
}

/** What was changed in the cluster behind the engine's back; empty (`isEmpty`) when nothing was. */
export async function drift(options: OpenOptions & { signal?: AbortSignal }): Promise<Review> {
  return (await openStack(options)).drift(options.signal);
}

/** Removes a stack's objects. */
export async function destroy(options: OpenOptions & OperationOptions): Promise<void> {
  await (await openStack(options)).destroy(options);
}
