import * as pulumi from "@pulumi/pulumi";
import type { StatefulSet } from "kubernetes-types/apps/v1";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import { bytes } from "../manifests/quantity";
import { NamespaceKubectl } from "../tools/kubectl";
import { replaceStuckPod } from "./stuck-pod";
import { storageAnnotation } from "./storage-annotation";
import { trialPod, trialName } from "./trial-pod";

/** Seconds that pulling and starting the new image may take. */
const TRIAL_SECONDS = 180;

/** What decides whether PostgreSQL can be changed in place. */
export interface DatabaseFacts {
  image: string;
  /** Major version, as `postgresVersion` has it. */
  version: string;
  runAsUser: number;
  /** Kubernetes quantity. */
  storage: string;
}

/**
 * Refuses, before PostgreSQL is stopped, what its volume or its image would not survive. There is one pod: once the new one
 * cannot start, the application has no database. In previews it says what can be said without changing anything.
 */
export function beforeDatabaseChanges(
  kubeContext: string,
  next: StatefulSet,
  timeoutSeconds: number,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    "before-database-changes",
    async ({ oldInputs, newInputs }) => {
      const before = factsOf(oldInputs as StatefulSet);
      const after = factsOf(next);
      const kubectl = new NamespaceKubectl(
        { context: kubeContext },
        next.metadata?.namespace ?? "",
      );
      refuseAnotherVersion(before, after);
      if (bytes(after.storage) !== bytes(before.storage)) {
        await resize(kubectl, next, before.storage, after.storage);
      }
      if (pulumi.runtime.isDryRun()) return;
      if (before.image !== after.image || before.runAsUser !== after.runAsUser) {
        await tryImage(kubectl, next, after);
      }
      if (isDeepStrictEqual(templateOf(oldInputs), templateOf(newInputs))) return;
      await replaceStuckPod(kubectl, next.metadata?.name ?? "", timeoutSeconds);
    },
    { onDryRun: true },
  );
}

/** What the pod is made from: the pod stays as it is while this does. */
function templateOf(inputs: Record<string, unknown> | undefined): unknown {
  return (inputs as StatefulSet | undefined)?.spec?.template;
}

export function factsOf({ metadata, spec }: StatefulSet): DatabaseFacts {
  const pod = spec?.template.spec;
  const expected = pod?.initContainers?.[0]?.env?.find(({ name }) => name === "EXPECTED_VERSION");
  const claim = spec?.volumeClaimTemplates?.[0]?.spec?.resources?.requests?.["storage"];
  return {
    image: pod?.containers[0]?.image ?? "",
    version: expected?.value ?? "",
    runAsUser: pod?.securityContext?.runAsUser ?? 0,
    storage: metadata?.annotations?.[storageAnnotation] ?? claim ?? "0",
  };
}

/** The way to what a volume cannot become: everything is dumped, and read into a new one. */
const ANEW = [
  "  npm run backup                 (a dump of all data, with the PostgreSQL that runs now)",
  "  npm run down                   (removes the stack with its volume)",
  "  npm start                      (with the new configuration)",
  "  npm run restore                (puts the dump into the new volume)",
].join("\n");

function refuseAnotherVersion(before: DatabaseFacts, after: DatabaseFacts): void {
  if (before.version === after.version || before.version === "") return;
  throw new Error(
    `The volume was made by PostgreSQL ${before.version}; PostgreSQL ${after.version} cannot read it, so nothing was ` +
      `changed. Set postgresVersion and postgresImage back, or move the data:\n${ANEW}`,
  );
}

/** Claims grow in place where their class allows it, and never shrink. */
async function resize(
  kubectl: NamespaceKubectl,
  { metadata, spec }: StatefulSet,
  before: string,
  after: string,
): Promise<void> {
  if (bytes(after) < bytes(before)) {
    throw new Error(
      `A volume cannot become smaller: databaseStorage is ${after}, the volume was asked for with ${before}. Nothing was ` +
        `changed. Set it back (pulumi config set databaseStorage ${before}), or move the data:\n${ANEW}`,
    );
  }
  const claim = `${spec?.volumeClaimTemplates?.[0]?.metadata?.name}-${metadata?.name}-0`;
  const className = await kubectl.ask([
    ...["get", "persistentvolumeclaim", claim],
    "--output=jsonpath={.spec.storageClassName}",
  ]);
  // No answer: the cluster is away, which is no reason for a preview to fail, and the update fails by itself.
  if (className === undefined) return;
  const expandable = await kubectl.ask([
    ...["get", "storageclass", className],
    "--output=jsonpath={.allowVolumeExpansion}",
  ]);
  if (expandable !== "true" && expandable !== undefined) {
    throw new Error(
      `The volume of the database cannot grow: its storage class "${className}" does not allow it, so nothing was ` +
        `changed. Set databaseStorage back (pulumi config set databaseStorage ${before}), or move the data:\n${ANEW}`,
    );
  }
  if (pulumi.runtime.isDryRun()) return;
  const patch = { spec: { resources: { requests: { storage: after } } } };
  await kubectl.run(["patch", "persistentvolumeclaim", claim, "--patch", JSON.stringify(patch)]);
}

/** Starts the new image beside the database that runs: it must be there, run as its user, and be what it is said to be. */
async function tryImage(
  kubectl: NamespaceKubectl,
  next: StatefulSet,
  after: DatabaseFacts,
): Promise<void> {
  const remove = ["delete", "pod", trialName, "--ignore-not-found", "--now"];
  await kubectl.run(remove);
  try {
    await kubectl.run(["apply", "--filename=-"], JSON.stringify(trialPod(next)));
    const said = await trialOutcome(kubectl, after.image);
    const [, version, libc] = /^version=(\d+) libc=(\w+)$/m.exec(said) ?? [];
    if (version !== after.version) {
      throw refusedImage(
        after.image,
        `it holds PostgreSQL ${version}, postgresVersion says ${after.version}`,
      );
    }
    const running = await kubectl.ask([
      ...["exec", `${next.metadata?.name}-0`, "--", "sh", "-c"],
      "ls /lib/ld-musl-* >/dev/null 2>&1 && echo musl || echo glibc",
    ]);
    if (running !== undefined && running.trim() !== libc) {
      throw refusedImage(
        after.image,
        `it is built on ${libc}, the volume was made on ${running.trim()}, and the two sort text differently`,
      );
    }
  } finally {
    await kubectl.ask(remove);
  }
}

interface Trial {
  status?: {
    phase?: string;
    containerStatuses?: { state?: { waiting?: { reason?: string; message?: string } } }[];
  };
}

/** What the trial printed. @throws Error in words when it cannot start or fails */
async function trialOutcome(kubectl: NamespaceKubectl, image: string): Promise<string> {
  const end = Date.now() + TRIAL_SECONDS * 1000;
  let last = "";
  while (Date.now() < end) {
    const { status } = JSON.parse(
      await kubectl.run(["get", "pod", trialName, "--output=json"]),
    ) as Trial;
    const waiting = status?.containerStatuses?.[0]?.state?.waiting;
    last = [waiting?.reason, waiting?.message].filter(Boolean).join(": ");
    if (status?.phase === "Succeeded") return kubectl.run(["logs", trialName]);
    if (status?.phase === "Failed") {
      throw refusedImage(image, (await kubectl.run(["logs", trialName])).trim());
    }
    if (/^(ImagePullBackOff|InvalidImageName|CreateContainer)/.test(last)) {
      throw refusedImage(image, last);
    }
    await sleep(500);
  }
  throw refusedImage(image, last === "" ? `it did not start within ${TRIAL_SECONDS} s` : last);
}

function refusedImage(image: string, reason: string): Error {
  return new Error(
    `The image ${image} cannot take over the database: ${reason}. The database runs on as it was. Set postgresImage ` +
      "(and postgresVersion, postgresRunAsUser) right, then run this again.",
  );
}
