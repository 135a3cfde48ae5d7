/** Which cluster and which engine: what the user said, else what was used before, else the best to be had. */
import { UserError } from "../../tools/errors";
import { LOCAL_STACK } from "../../automation/environment";
import type { StackRecord } from "../stack-record";
import { unreachable } from "../../tools/downloads";
import { imageUnreachable } from "../../tools/docker";
import { which } from "../../tools/process";
import { stackValue } from "../stack-file";
import { minikubeDownload, minikubeState } from "../../tools/minikube";

/** The profile of `npm start`, and so the context's name (Pulumi.dev.yaml names it too). */
export const DEFAULT_PROFILE = "todo-app";

/** An image that the build needs anyway shows whether the daemon can pull. */
function pulledImage(): string {
  const own = stackValue(LOCAL_STACK, "todo-app:nodeImage");
  return typeof own === "string" && own !== "" ? own : "node:20-alpine";
}

export interface Wishes {
  context?: string | undefined;
  cluster?: string | undefined;
  profile?: string | undefined;
}

export type ClusterChoice =
  | { kind: "context"; context: string }
  | { kind: "minikube"; profile: string; install: boolean }
  /**
   * `name`: the one that the stack was deployed to before, else the environment's (TODO_SANDBOX_NAME).
   * `because`: what could not be reached, when it was not the user's wish.
   */
  | { kind: "sandbox"; name?: string | undefined; because?: string };

/** A context that the user wrote into the stack's file, as opposed to one that `npm start` put there. */
function contextOfTheUser(record: StackRecord | undefined): string | undefined {
  const value = stackValue(LOCAL_STACK, "kubernetes:context");
  if (typeof value !== "string") return undefined;
  const notChosen = [record?.facts["kubernetes:context"], stackValue("dev", "kubernetes:context")];
  return notChosen.includes(value) ? undefined : value;
}

async function minikubeOrSandbox(profile: string): Promise<ClusterChoice> {
  if (which("minikube") !== undefined) {
    if ((await minikubeState(profile)) !== "absent")
      return { kind: "minikube", profile, install: false };
    const images = await imageUnreachable(pulledImage());
    if (images === undefined) return { kind: "minikube", profile, install: false };
    return { kind: "sandbox", because: `Minikube cannot get its images: ${images}` };
  }
  const [program, images] = await Promise.all([
    unreachable(minikubeDownload()),
    imageUnreachable(pulledImage()),
  ]);
  if (program === undefined && images === undefined)
    return { kind: "minikube", profile, install: true };
  const reason = [program, images].filter((part) => part !== undefined).join(", ");
  return { kind: "sandbox", because: `Minikube cannot be had: ${reason}` };
}

/** What the environment names goes first; a stack that moves by it is asked about, as for any other cluster. */
function sandboxOf(record: StackRecord | undefined): ClusterChoice {
  const recorded = record?.cluster.kind === "sandbox" ? record.cluster.context : undefined;
  return { kind: "sandbox", name: process.env["TODO_SANDBOX_NAME"] ?? recorded };
}

/**
 * Where the stack `local` goes.
 * @param record what was chosen for it before
 */
export async function chooseCluster(
  wishes: Wishes,
  record: StackRecord | undefined,
): Promise<ClusterChoice> {
  if (wishes.context !== undefined) return { kind: "context", context: wishes.context };
  const profile = wishes.profile ?? record?.cluster.profile ?? DEFAULT_PROFILE;
  if (wishes.cluster === "sandbox") return sandboxOf(record);
  if (wishes.cluster === "minikube") {
    return { kind: "minikube", profile, install: which("minikube") === undefined };
  }
  if (wishes.cluster !== undefined) {
    throw new UserError(`--cluster is ${wishes.cluster}; it must be minikube or sandbox.`, [], 2);
  }
  if (wishes.profile !== undefined) return minikubeOrSandbox(profile);
  const written = contextOfTheUser(record);
  if (written !== undefined) return { kind: "context", context: written };
  if (record === undefined) return minikubeOrSandbox(profile);
  const { cluster } = record;
  if (cluster.kind === "context") return { kind: "context", context: cluster.context };
  if (cluster.kind === "sandbox") return sandboxOf(record);
  return minikubeOrSandbox(profile);
}
