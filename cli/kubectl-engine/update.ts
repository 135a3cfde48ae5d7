/**
 * An update without Pulumi: builds both images, loads them, applies the program's own objects with kubectl
 * and waits for them. What it lacks is the engine's state, preview and history.
 */
import type { Deployment } from "kubernetes-types/apps/v1";
import { buildImage } from "../../images/build";
import { contentReference } from "../../images/tag";
import { loadImage } from "../../images/load";
import type { ImageArgs } from "../../components/image";
import { manifestArgs, stackArgs } from "../../stack/args";
import type { HotChoice } from "../../stack/hot";
import { imageArgs } from "../../stack/images";
import type { ApplicationName } from "../../config/application";
import type { StackConfig } from "../../config/stack";
import { stackObjectsWithSecrets, type KubernetesObject } from "../../render/objects";
import { parseStackFile, readStackFile, type StackFile } from "../../config/stack-file";
import { seconds } from "../format";
import { explain } from "../../tools/known-errors";
import { messageOf, UserError } from "../../tools/errors";
import { hurryRemoval } from "../removal";
import { LiveLines } from "../live";
import type { ChosenCluster } from "../stack-record";
import { root } from "../../tools/paths";
import { kubectl } from "../../tools/kubectl";
import { paint } from "../terminal";
import { withoutClaim, type Claim } from "../take-over/claims";
import { apply, MANAGER, prune } from "./apply";
import { waitForRollout } from "./rollout";
import { buildSecrets, givenSecrets, secretInput } from "./secrets";

export interface KubectlUpdate {
  stack: string;
  cluster: ChosenCluster;
  signal: AbortSignal;
  /** Whose files are edited in the cluster. */
  hot?: HotChoice;
}

/** The stack's configuration, with the user's own secrets counted as given. */
function configuration(stack: string, file: StackFile): StackConfig {
  return parseStackFile({ ...file, values: { ...file.values, ...givenSecrets(stack) } });
}

/** Builds, loads, applies and waits. @returns how many objects were created, updated, unchanged, deleted */
export async function kubectlUpdate(options: KubectlUpdate): Promise<Map<string, number>> {
  const { stack, cluster, signal, hot = {} } = options;
  const file = readStackFile(stack, root);
  const secrets = secretInput(stack, file);
  const config = configuration(stack, file);
  const running = new Map<string, string>();
  const live = new LiveLines(() => [...running].map(([what, last]) => `${what}  ${last}`));
  const counts = new Map<string, number>();
  const done = (sign: string, what: string, word: string, since: number): void => {
    counts.set(word, (counts.get(word) ?? 0) + 1);
    if (word === "unchanged") return;
    live.print(
      `  ${paint("green", sign)} ${what.padEnd(32)} ${word} (${seconds(Date.now() - since)})`,
    );
  };
  try {
    const sources = imageArgs(config);
    const { developmentImage: development } = stackArgs(config, hot);
    await Promise.all(
      [sources.frontend, sources.backend, sources.mcp, development]
        .filter((source) => source !== undefined)
        .map((source) => image(source, options, { running, live })),
    );
    const frontend = development ?? sources.frontend;
    const objects = stackObjectsWithSecrets(
      manifestArgs(
        config,
        {
          frontend: contentReference(frontend, root),
          backend: contentReference(sources.backend, root),
          ...(sources.mcp && { mcp: contentReference(sources.mcp, root) }),
        },
        hot,
      ),
      secrets,
    );
    for (const object of objects) {
      signal.throwIfAborted();
      const since = Date.now();
      const word = await apply(cluster, await withoutReplicas(cluster, object, objects), signal);
      done(word === "created" ? "+" : "~", nameOf(object), word, since);
    }
    for (const line of await prune(cluster, config.namespace, objects)) {
      done("-", line.replace("/", " "), "deleted", Date.now());
    }
    await rollouts(objects, config, options, running);
    return counts;
  } finally {
    live.stop();
  }
}

function nameOf(object: KubernetesObject): string {
  return `${object.kind} ${object.metadata?.name}`;
}

/** Builds an image and brings it into the cluster. */
async function image(
  source: ImageArgs,
  { stack, cluster, signal }: KubectlUpdate,
  shown: { running: Map<string, string>; live: LiveLines },
): Promise<void> {
  const what = `image ${source.repository}`;
  const log = (line: string): void => void shown.running.set(what, line);
  const since = Date.now();
  try {
    shown.live.print(`  … ${what}`);
    const { reference } = await buildImage(source, {
      log,
      signal,
      root,
      secrets: buildSecrets(stack)[source.label as ApplicationName],
    });
    const loaded = await loadImage({
      image: reference,
      platform: source.platform,
      kubeContext: cluster.context,
      loader: source.loader,
      log,
      signal,
    });
    const megabytes = (loaded.bytesSent / 1e6).toFixed(1);
    const how = loaded.path === "present" ? "was there" : `${loaded.path}, ${megabytes} MB sent`;
    shown.live.print(
      `  ${paint("green", "+")} ${`image ${reference}`.padEnd(32)} in the cluster: ${how} (${seconds(Date.now() - since)})`,
    );
  } catch (error) {
    signal.throwIfAborted();
    // The parts that build and load say what to do themselves; known causes add the rest.
    throw new UserError(
      `${what} could not be made:\n${messageOf(error)}`,
      explain(messageOf(error))?.next ?? ["npm start   (continues)"],
    );
  } finally {
    shown.running.delete(what);
  }
}

/**
 * Once an autoscaler is there the number of pods is its own, from the second apply on. Leaving the field out is not enough:
 * the server drops a field whose only owner lets go of it, and one pod would be left. So the claim goes first.
 */
async function withoutReplicas(
  cluster: ChosenCluster,
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
): Promise<KubernetesObject> {
  const { name = "", namespace = "" } = object.metadata ?? {};
  const scaled = objects.some(
    (other) =>
      other.kind === "HorizontalPodAutoscaler" &&
      "scaleTargetRef" in (other.spec ?? {}) &&
      object.kind === "Deployment" &&
      (other.spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name === name,
  );
  if (!scaled) return object;
  const which = ["-n", namespace, "get", "deployment", name, "--ignore-not-found"];
  const read = await kubectl(cluster, [...which, "-o", "json", "--show-managed-fields"]);
  if (read.code !== 0 || read.stdout.trim() === "") return object;
  const { metadata } = JSON.parse(read.stdout) as {
    metadata: { resourceVersion: string; managedFields?: Claim[] };
  };
  const before = metadata.managedFields ?? [];
  const after = withoutClaim(before, MANAGER, ["spec", "replicas"]);
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    const patch = [
      { op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
      { op: "replace", path: "/metadata/managedFields", value: after },
    ];
    const args = ["-n", namespace, "patch", "deployment", name, "--type=json"];
    const { code, stderr } = await kubectl(cluster, [...args, "--patch", JSON.stringify(patch)]);
    if (code !== 0) {
      throw new UserError(`Deployment ${name} could not be read and written:\n${stderr.trim()}`, [
        "npm start   (continues)",
      ]);
    }
  }
  const { replicas: _, ...spec } = (object as Deployment).spec ?? {};
  return { ...object, spec } as KubernetesObject;
}

async function rollouts(
  objects: readonly KubernetesObject[],
  config: StackConfig,
  { cluster, signal }: KubectlUpdate,
  running: Map<string, string>,
): Promise<void> {
  const workloads = objects.filter(({ kind }) => kind === "StatefulSet" || kind === "Deployment");
  await Promise.all(
    workloads.map(async (object) => {
      running.set(nameOf(object), "rolling out");
      const { name = "" } = object.metadata ?? {};
      const workload = { kind: object.kind ?? "", namespace: config.namespace, name };
      await waitForRollout(cluster, workload, config.deployTimeoutSeconds, signal);
      running.delete(nameOf(object));
    }),
  );
}

/** Removes the namespace with everything in it. */
export async function kubectlDestroy(
  cluster: ChosenCluster,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  // Sooner than the namespace's controller, which begins after 5 s, and would then wait for the pods.
  const workloads = ["delete", "deployments,statefulsets", "--all", "--wait=false"];
  await kubectl(cluster, ["-n", namespace, ...workloads], { signal });
  const over = new AbortController();
  const hurry = hurryRemoval(cluster, namespace, over.signal);
  try {
    const end = ["--ignore-not-found", "--wait", "--timeout=180s"];
    const args = ["delete", "namespace", namespace, ...end];
    const { code, stderr } = await kubectl(cluster, args, { signal });
    signal.throwIfAborted();
    if (code !== 0)
      throw new UserError(`The namespace ${namespace} was not removed: ${stderr.trim()}`);
  } finally {
    over.abort();
    await hurry;
  }
}
