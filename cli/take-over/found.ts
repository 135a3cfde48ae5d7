/** What a namespace holds of this application: read, judged, and refused where it is not ours to take. */
import { UserError } from "../../tools/errors";
import { kubectl, kubectlWords, type ClusterAddress } from "../../tools/kubectl";
import { tail } from "../../tools/process";
import {
  isOurs,
  nameOf,
  reconcilerOf,
  releaseOf,
  toolsOf,
  type LiveObject,
  type Release,
} from "./objects";

/** Everything that this application, or somebody beside it, may have in a namespace. */
const KINDS = [
  ...["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch", "cronjobs.batch"],
  ...["services", "configmaps", "secrets", "resourcequotas", "limitranges", "serviceaccounts"],
  ...["horizontalpodautoscalers.v2.autoscaling", "poddisruptionbudgets.policy"],
  ...["networkpolicies.networking.k8s.io", "ingresses.networking.k8s.io"],
  ...["roles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io"],
];

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

export interface Found {
  namespace: string;
  /** The Namespace itself. */
  holder: LiveObject;
  /** Everything that no controller made. */
  all: LiveObject[];
  /** This application's objects. */
  ours: LiveObject[];
  /** Workloads that are not this application's. */
  strangers: LiveObject[];
  /** The Helm releases that made them. */
  releases: Release[];
  /** The tools that hold them, in words. */
  tools: string[];
}

/**
 * Reads a namespace.
 * @throws UserError where it is not this application's, or a tool would put back what is changed in it
 */
export async function readNamespace(cluster: ClusterAddress, namespace: string): Promise<Found> {
  const [holder] = await list(cluster, ["namespace", namespace, "--ignore-not-found"]);
  if (holder === undefined) {
    throw new UserError(`There is no namespace ${namespace} in ${cluster.context}.`, [
      "npm start   (deploys into it)",
    ]);
  }
  const all = (await list(cluster, ["-n", namespace, KINDS.join(",")])).filter(
    (object) => object.metadata.ownerReferences === undefined,
  );
  return judged(cluster, { namespace, holder, all });
}

/** @throws UserError naming what must not be taken, and what to do */
export function judged(
  cluster: ClusterAddress,
  { namespace, holder, all }: { namespace: string; holder: LiveObject; all: LiveObject[] },
): Found {
  const ours = all.filter(isOurs);
  const look = `${kubectlWords(cluster)} -n ${namespace} get all,secrets,configmaps --show-labels`;
  if (ours.length === 0) {
    throw new UserError(
      `The namespace ${namespace} holds nothing of this application, so there is nothing to take over.`,
      [look, "npm start   (deploys, where the namespace is empty or not there)"],
    );
  }
  const held = [holder, ...ours].find((object) => reconcilerOf(object) !== undefined);
  if (held !== undefined) {
    throw new UserError(
      `${nameOf(held)} belongs to ${reconcilerOf(held)}, which puts back what others change.`,
      [
        "Take the application out of it first, without deleting its objects (argocd app delete NAME --cascade=false)",
      ],
    );
  }
  const releases = ours.map(releaseOf).filter((release) => release !== undefined);
  return {
    namespace,
    holder,
    all,
    ours,
    strangers: all.filter((object) => !isOurs(object) && WORKLOADS.includes(object.kind)),
    releases: [...new Map(releases.map((release) => [JSON.stringify(release), release])).values()],
    tools: toolsOf(ours),
  };
}

/** @throws UserError in kubectl's words */
export async function list(
  cluster: ClusterAddress,
  what: readonly string[],
): Promise<LiveObject[]> {
  const args = ["get", ...what, "-o", "json", "--show-managed-fields"];
  const { code, stdout, stderr } = await kubectl(cluster, args);
  if (code !== 0) {
    throw new UserError(`The cluster cannot be read:\n${tail(stderr, 3)}`, [
      `${kubectlWords(cluster)} auth can-i --list`,
    ]);
  }
  if (stdout.trim() === "") return [];
  const answer = JSON.parse(stdout) as LiveObject | { kind: "List"; items: LiveObject[] };
  return "items" in answer ? answer.items : [answer];
}

/**
 * Refuses what the new owner would come to hold though it is not this application's.
 * @param wanted kinds and names that the new owner makes, of this namespace
 * @param withNamespace whether the new owner owns the namespace too, and so everything in it when it goes
 */
export function refuseStrangers(
  { namespace, holder, all, strangers }: Found,
  wanted: ReadonlySet<string>,
  withNamespace: boolean,
): void {
  const foreign = all.find((object) => wanted.has(nameOf(object)) && !isOurs(object));
  if (foreign !== undefined) {
    throw new UserError(
      `${nameOf(foreign)} in the namespace ${namespace} has this application's name and is not this application's ` +
        "(the label app.kubernetes.io/part-of: evolution-of-todo is missing). Nothing was changed.",
      ["Another namespace: npm run pulumi -- config set namespace NAME"],
    );
  }
  if (withNamespace && !isOurs(holder) && strangers.length > 0) {
    throw new UserError(
      `The namespace ${namespace} also holds ${strangers.map(nameOf).join(", ")}. The stack owns its namespace: ` +
        "pulumi destroy would remove them too. Nothing was changed.",
      ["Move them to a namespace of their own, then run the command again"],
    );
  }
}
