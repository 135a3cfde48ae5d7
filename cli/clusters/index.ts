/** Brings up the chosen cluster and says what the stack must know about it. */
import { UserError } from "../../tools/errors";
import type { ChosenCluster } from "../stack-record";
import type { Cluster } from "../../tools/kubectl";
import { askCluster } from "../probes/cluster";
import type { DockerFacts } from "../../tools/docker";
import type { Facts } from "../stack-file";
import type { ClusterChoice } from "./choice";
import { ensureKubectl } from "../../tools/fetch-kubectl";
import { sampleOften } from "./metrics-server";
import { installMinikube, MINIKUBE_VERSION, startMinikube } from "../../tools/minikube";
import { startSandboxCluster, type Sandbox } from "./sandbox";
import { print } from "../terminal";

export interface ReadyCluster {
  cluster: ChosenCluster;
  /** What it said about itself. */
  asked: Cluster;
  /** What the stack's file must say for this cluster. */
  stackFacts: Facts;
}

/** The stand-ins for images that cannot be pulled, as config keys. */
function sandboxFacts(sandbox: Sandbox): Facts {
  return {
    "todo-app:nodeImage": sandbox.images.nodeImage,
    "todo-app:pythonImage": sandbox.images.pythonImage,
    "todo-app:postgresImage": sandbox.images.postgresImage,
    "todo-app:postgresRunAsUser": sandbox.postgresUser,
  };
}

export async function bringUpCluster(
  choice: ClusterChoice,
  options: {
    ports: { nodePort: number; backendNodePort: number };
    docker: DockerFacts | undefined;
    signal: AbortSignal;
  },
): Promise<ReadyCluster> {
  const { ports, docker, signal } = options;
  let cluster: ChosenCluster;
  let ownKubectl: string | undefined;
  let isOurs = false;
  const stackFacts: Facts = {};
  if (choice.kind === "sandbox") {
    const started = await startSandboxCluster(choice.name, signal);
    cluster = started.cluster;
    ownKubectl = started.sandbox.kubectl;
    Object.assign(stackFacts, sandboxFacts(started.sandbox));
  } else if (choice.kind === "minikube") {
    if (choice.install) {
      print(`Minikube: fetching ${MINIKUBE_VERSION} (about 140 MB)`);
      await installMinikube(signal);
    }
    ({ isOurs } = await startMinikube(choice.profile, ports, docker, {
      report: print,
      signal,
    }));
    cluster = { kind: "minikube", context: choice.profile, profile: choice.profile };
  } else {
    cluster = { kind: "context", context: choice.context };
    const file = process.env["KUBECONFIG"];
    if (file !== undefined) cluster.kubeconfig = file;
  }
  await ensureKubectl(signal, print, ownKubectl);
  // Each start of Minikube puts its own figure back.
  if (isOurs) await sampleOften(cluster, signal);
  const asked = await askCluster(
    cluster,
    ["kubectl config get-contexts   (lists the contexts there are)"],
    signal,
  );
  const node = asked.nodes?.[0];
  if (asked.nodes !== undefined && node === undefined) {
    throw new UserError(`The cluster ${cluster.context} has no node.`);
  }
  if (cluster.kind === "minikube") cluster.nodeDaemon = node?.runtime === "docker";
  return {
    cluster,
    asked,
    stackFacts: {
      "kubernetes:context": cluster.context,
      // Of the nodes, not of this machine: that is where the images run.
      ...(node === undefined ? {} : { "todo-app:platform": `linux/${node.architecture}` }),
      ...stackFacts,
    },
  };
}
