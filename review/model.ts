/**
 * What a reviewer needs to know of a change, whoever worked it out: the engine's preview
 * (`preview.ts`) or the comparison of two sets of rendered objects (`compare.ts`). Plain data, so that
 * it can be written by one job and read by another. It never holds a secret's value.
 */

/** What happens to a resource. `replaced` means deleted and made again. */
export type Action = "destroyed" | "replaced" | "created" | "changed";

/** One field that differs. */
export interface Field {
  /** `spec.maxReplicas`, `data.OPENAI_AGENT_MODEL`. */
  path: string;
  /** Text of the value before; absent when there was none, or when it must not be shown. */
  before?: string;
  after?: string;
}

export interface Change {
  action: Action;
  kind: string;
  name: string;
  /** What is lost with it, as the end of "… goes with it", for what holds data. */
  loses?: string;
  /** Why its pods are replaced, one reason each; absent when they stay. */
  rolls?: string[];
  fields: Field[];
}

/** An image that another one takes the place of. */
export interface ImageChange {
  name: string;
  /** Content tags; absent when the image is new or goes. */
  before?: string;
  after?: string;
}

/** A secret whose value changes. */
export interface SecretChange {
  /** `Secret todo-secrets`, or the configuration's key. */
  name: string;
  /** Names of the keys; empty when they are not known before the update. */
  keys: string[];
}

export interface Failure {
  /** The engine's or the program's words. */
  reason: string;
  /** What to do next, one command or step each. */
  next: string[];
}

export interface Review {
  stack: string;
  /** A preview asks the engine and the cluster; a diff compares rendered objects alone. */
  source: "preview" | "diff";
  images: ImageChange[];
  changes: Change[];
  secrets: SecretChange[];
  /** Resources that stay as they are. */
  unchanged: number;
  warnings: string[];
  /** Set when the comparison came to no end; what was found until then stands beside it. */
  failure?: Failure;
}

/** Whether anything differs. */
export function isEmpty({ images, changes, secrets, failure }: Review): boolean {
  return images.length + changes.length + secrets.length === 0 && failure === undefined;
}
