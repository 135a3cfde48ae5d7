import type {
  Container,
  EnvVar,
  PodSpec,
  PodTemplateSpec,
  ResourceRequirements,
} from "kubernetes-types/core/v1";

import { labels, selector } from "./labels";
import { probes, type ProbeArgs, type ProbeKindArgs } from "./probe";
import { claimedVolume, volumeName as claimedName, type VolumeArgs } from "./volume-claim";

/** Where a container's environment variable takes its value from. */
export type Variable =
  { value: string } | { configMap: string; key: string } | { secret: string; key: string };

/** What one of our pods runs and may use. */
export interface PodArgs {
  /** Name of the application, its container and its `app` label. */
  app: string;
  component: string;
  /** Image with tag. */
  image: string;
  port: number;
  /** Empty keeps the image's own. */
  command: string[];
  /** Command run before the application, with the same image and environment; empty for none. */
  initCommand?: string[];
  env: Record<string, Variable>;
  probe: ProbeKindArgs;
  liveness: ProbeArgs;
  readiness: ProbeArgs;
  /** Kubernetes quantities. */
  resources: { cpuRequest: string; memoryRequest: string; cpuLimit: string; memoryLimit: string };
  runAsUser: number;
  readOnlyRoot: boolean;
  /** Absolute paths, each an emptyDir. */
  writablePaths: string[];
  /** A folder that outlives the pod. */
  volume?: VolumeArgs;
  /** Name of the Secret to pull the image with. */
  pullSecret?: string;
  annotations: Record<string, string>;
}

/** Seconds between SIGTERM's announcement and SIGTERM itself, so that endpoints are gone first. */
const preStopSeconds = 5;
/** preStop 5 + the longest chat 45 + 10. */
const gracePeriodSeconds = 60;

/** The template of every pod of the applications: security, probes, rollout, in one place. */
export function podTemplate(args: PodArgs): PodTemplateSpec {
  const container = applicationContainer(args);
  const initContainers =
    args.initCommand === undefined || args.initCommand.length === 0
      ? {}
      : { initContainers: [initContainer(args, args.initCommand)] };
  return {
    metadata: { labels: labels(args.app, args.component), annotations: args.annotations },
    spec: {
      ...podDefaults(args.runAsUser),
      terminationGracePeriodSeconds: gracePeriodSeconds,
      ...initContainers,
      containers: [container],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          // One node must still be able to run them all.
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: selector(args.app) },
        },
      ],
      ...(args.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: args.pullSecret }] }),
      volumes: [
        ...volumes(args.writablePaths).map(({ name }) => ({ name, emptyDir: {} })),
        ...(args.volume === undefined ? [] : [claimedVolume(args.app)]),
      ],
    },
  };
}

/** Settings of every pod: no token, no injected service variables, the Pod Security level "restricted". */
export function podDefaults(
  runAsUser: number,
): Pick<PodSpec, "automountServiceAccountToken" | "enableServiceLinks" | "securityContext"> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: runAsUser !== 0,
      runAsUser,
      runAsGroup: runAsUser,
      fsGroup: runAsUser,
      // Once is enough: changing every file of a volume at every start takes long and opens what was closed.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}

/**
 * Security of every container (Pod Security "restricted"). An image that runs as root (podSecurity baseline) keeps the
 * capabilities that a runtime gives by default: tools that change owner or user need them.
 */
export function containerSecurity(
  readOnlyRoot: boolean,
  runAsUser: number,
): Pick<Container, "securityContext"> {
  return {
    securityContext: {
      readOnlyRootFilesystem: readOnlyRoot,
      ...(runAsUser === 0
        ? {}
        : { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } }),
    },
  };
}

export function resources(amounts: PodArgs["resources"]): ResourceRequirements {
  return {
    requests: { memory: amounts.memoryRequest, cpu: amounts.cpuRequest },
    limits: { memory: amounts.memoryLimit, cpu: amounts.cpuLimit },
  };
}

function applicationContainer(args: PodArgs): Container {
  return {
    name: args.app,
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    ...(args.command.length === 0 ? {} : { command: args.command }),
    ports: [{ name: "http", containerPort: args.port }],
    env: environment(args.env),
    resources: resources(args.resources),
    ...probes(args),
    lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
    ...containerSecurity(args.readOnlyRoot, args.runAsUser),
    // The last lines of a crash reach whoever waits for the rollout.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      ...volumes(args.writablePaths).map(({ name, path }) => ({ name, mountPath: path })),
      ...(args.volume === undefined ? [] : [{ name: claimedName, mountPath: args.volume.path }]),
    ],
  };
}

function initContainer(args: PodArgs, command: string[]): Container {
  const { name, image, imagePullPolicy, env, resources, securityContext, volumeMounts } =
    applicationContainer(args);
  return {
    name: `${name}-migrate`,
    image,
    imagePullPolicy,
    command,
    env,
    resources,
    securityContext,
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts,
  };
}

function environment(variables: Record<string, Variable>): EnvVar[] {
  return Object.entries(variables).map(([name, variable]): EnvVar => {
    if ("value" in variable) return { name, value: variable.value };
    if ("secret" in variable) {
      return {
        name,
        valueFrom: { secretKeyRef: { name: variable.secret, key: variable.key } },
      };
    }
    return {
      name,
      valueFrom: { configMapKeyRef: { name: variable.configMap, key: variable.key } },
    };
  });
}

/** A name for each path; two paths may come out alike without their signs (`/var/run`, `/var-run`). */
function volumes(paths: string[]): { name: string; path: string }[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const first = volumeName(path);
    let name = first;
    for (let count = 2; taken.has(name); count++) name = `${first.slice(0, 60)}-${count}`;
    taken.add(name);
    return { name, path };
  });
}

function volumeName(path: string): string {
  const name = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `writable-${name}`.slice(0, 63).replace(/-+$/, "");
}
