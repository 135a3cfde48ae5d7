import type { ApplicationConfig, ApplicationName } from "../config/application";
import { ownApplications } from "../config/application-rules";
import type { StackConfig } from "../config/stack";
import type { BackendArgs } from "../components/backend";
import type { CredentialsArgs } from "../components/credentials";
import type { DatabaseArgs } from "../components/database";
import type { FrontendArgs } from "../components/frontend";
import type { ImageArgs } from "../components/image";
import type { IngressArgs } from "../components/ingress";
import type { KagentArgs } from "../components/kagent";
import type { KubectlAiArgs } from "../components/kubectl-ai";
import type { LimitsArgs } from "../components/limits";
import type { McpArgs } from "../components/mcp";
import type { NamespaceArgs } from "../components/namespace";
import type { NetworkPoliciesArgs } from "../components/network-policies";
import type { SettingsArgs } from "../components/settings";
import { databaseResources } from "../manifests/database-resources";
import { mcpName, secretNames } from "../manifests/names";
import type { WorkloadArgs } from "../manifests/deployment";
import type { PodArgs } from "../manifests/pod";
import {
  backendVariables,
  environment,
  frontendVariables,
  mcpVariables,
  settingsData,
} from "./environment";
import { databaseForms } from "./database-forms";
import { withHot, type HotChoice } from "./hot";
import { developmentImage, imageArgs } from "./images";
import { networkArgs } from "./network";
import type { PerApplication } from "./per-application";

/** The plain arguments of every component: what the program registers and what is rendered. */
export interface ManifestArgs {
  namespace: NamespaceArgs;
  credentials: CredentialsArgs;
  settings: SettingsArgs;
  /** Absent when the stack has a database of its own. */
  database?: DatabaseArgs;
  backend: BackendArgs;
  /** Absent when the back end serves the tools itself. */
  mcp?: McpArgs;
  frontend: FrontendArgs;
  /** Absent when nobody comes in by a host name. */
  ingress?: IngressArgs;
  /** Absent unless asked for. */
  kubectlAi?: KubectlAiArgs;
  kagent?: KagentArgs;
  /** Absent when the stack wants no policies. */
  network?: NetworkPoliciesArgs;
  /** Absent when the stack wants no quota. */
  limits?: LimitsArgs;
}

/** The same before there are images: the program's components give each other theirs. */
export interface StackArgs extends Omit<ManifestArgs, "backend" | "mcp" | "frontend"> {
  images: PerApplication<ImageArgs>;
  /** What the front end's pods run instead of its image while its files are edited in the cluster. */
  developmentImage?: ImageArgs;
  backend: Omit<BackendArgs, "image">;
  mcp?: Omit<McpArgs, "image">;
  frontend: Omit<FrontendArgs, "image">;
}

/**
 * Decides what every component gets.
 * @param hot whose files are edited in the cluster
 */
export function stackArgs(config: StackConfig, hot: HotChoice = {}): StackArgs {
  const { namespace, frontend, backend } = config;
  const network = networkArgs(config);
  const { kubectlAi, kagent } = config.extras;
  const args: StackArgs = {
    images: imageArgs(config),
    ...(hot.frontend === undefined
      ? {}
      : { developmentImage: developmentImage(config, hot.frontend.folder) }),
    namespace: {
      name: namespace,
      podSecurity: config.podSecurity,
      protect: config.database.protect && (config.database.embedded || hasVolume(config)),
    },
    credentials: {
      namespace,
      embeddedDatabase: config.database.embedded,
      ...(pulls(config)
        ? { pull: { registry: config.images.registry, username: config.images.registryUsername } }
        : {}),
      keptDigests: config.keptDigests,
      frontendEnv: frontend.secretEnv.length > 0,
      backendEnv: backend.secretEnv.length > 0,
      mcpEnv: config.mcp.separate && config.mcp.ownImage && config.mcp.secretEnv.length > 0,
      mcpOwn: config.mcp.ownImage,
      databaseForms: databaseForms(config),
    },
    settings: { namespace, data: settingsData(config) },
    ...(config.database.embedded ? { database: databaseArgs(config) } : {}),
    backend: withHot(backendArgs(config), hot.backend),
    ...(config.mcp.separate
      ? { mcp: withHot(mcpArgs(config), config.mcp.ownImage ? undefined : hot.backend) }
      : {}),
    frontend: withHot(frontendArgs(config), hot.frontend),
    ...(config.ingress.host === "" ? {} : { ingress: ingressArgs(config) }),
    ...(kubectlAi.enabled ? { kubectlAi: { namespace, scale: kubectlAi.scale } } : {}),
    ...(kagent.enabled ? { kagent: kagentArgs(config) } : {}),
    ...(network === undefined ? {} : { network }),
  };
  return config.resourceQuota ? { ...args, limits: limitsArgs(args) } : args;
}

/**
 * The arguments with images by name, for rendering without building any.
 * @param references the images with their tags
 * @param hot whose files are edited in the cluster
 */
export function manifestArgs(
  config: StackConfig,
  references: PerApplication<string>,
  hot: HotChoice = {},
): ManifestArgs {
  const { images: _, developmentImage: __, mcp, ...args } = stackArgs(config, hot);
  const { backend: image, mcp: mcpImage = image } = references;
  return {
    ...args,
    backend: { ...args.backend, image },
    ...(mcp === undefined ? {} : { mcp: { ...mcp, image: mcpImage } }),
    frontend: { ...args.frontend, image: references.frontend },
  };
}

function databaseArgs({ namespace, database, deployTimeoutSeconds }: StackConfig): DatabaseArgs {
  return {
    namespace,
    image: database.image,
    version: database.version,
    runAsUser: database.runAsUser,
    storage: database.storage,
    maxConnections: database.maxConnections,
    timeoutSeconds: deployTimeoutSeconds,
  };
}

function backendArgs(config: StackConfig): StackArgs["backend"] {
  const { namespace, backend } = config;
  const { expose, nodePort, minReplicas, maxReplicas, targetCpuUtilization } = backend;
  return {
    namespace,
    replicas: backend.replicas,
    timeoutSeconds: config.deployTimeoutSeconds,
    surge: config.rolloutSurge,
    exposure: expose === "nodePort" ? { type: "NodePort", nodePort } : { type: "ClusterIP" },
    ...(backend.autoscaling
      ? { autoscaling: { minReplicas, maxReplicas, targetCpuUtilization } }
      : {}),
    pod: {
      ...pod("backend", backend, pulls(config)),
      ...environment(
        settingsData(config),
        backendVariables(config),
        secretNames.backendEnv,
        backend,
      ),
    },
  };
}

/** From the back end's image it brings the database up to date as the back end does. */
function mcpArgs(config: StackConfig): Omit<McpArgs, "image"> {
  const { namespace, mcp } = config;
  const secretEnv = mcp.ownImage ? secretNames.mcpEnv : secretNames.backendEnv;
  return {
    namespace,
    replicas: mcp.replicas,
    timeoutSeconds: config.deployTimeoutSeconds,
    surge: config.rolloutSurge,
    pod: {
      ...pod(mcpName, mcp, pulls(config)),
      ...environment(settingsData(config), mcpVariables(config), secretEnv, mcp),
    },
  };
}

function frontendArgs(config: StackConfig): StackArgs["frontend"] {
  const { namespace, frontend } = config;
  const { serviceType: type, nodePort, sessionAffinity } = frontend;
  const affinity = sessionAffinity ? { sessionAffinity } : {};
  return {
    namespace,
    replicas: frontend.replicas,
    timeoutSeconds: config.deployTimeoutSeconds,
    surge: config.rolloutSurge,
    exposure: { ...(type === "NodePort" ? { type, nodePort } : { type }), ...affinity },
    pod: {
      ...pod("frontend", frontend, pulls(config)),
      ...environment(
        settingsData(config),
        frontendVariables(config),
        secretNames.frontendEnv,
        frontend,
      ),
    },
  };
}

function ingressArgs({ namespace, ingress, frontend, backend }: StackConfig): IngressArgs {
  const { host, className, tlsSecret, annotations, backendPaths, backendRewrite } = ingress;
  return {
    namespace,
    host,
    ...(className === "" ? {} : { className }),
    ...(tlsSecret === "" ? {} : { tlsSecret }),
    annotations,
    service: { name: "frontend", port: frontend.port },
    ...(backendPaths.length === 0
      ? {}
      : {
          api: {
            service: { name: "backend", port: backend.port },
            paths: backendPaths,
            rewrite: backendRewrite,
          },
        }),
  };
}

function kagentArgs(config: StackConfig): KagentArgs {
  const { namespace, version } = config.extras.kagent;
  const { app, port } = config.mcp.separate
    ? { app: mcpName, port: config.mcp.port }
    : { app: "backend", port: config.backend.port };
  return {
    namespace,
    version,
    model: config.assistant.model,
    ...(config.assistant.baseUrl === "" ? {} : { baseUrl: config.assistant.baseUrl }),
    mcpUrl: `http://${app}.${config.namespace}.svc:${port}${config.mcp.separate ? config.mcp.path : "/mcp"}`,
  };
}

/** Every workload at its largest, with the pods that an update adds: never more than there are. */
function limitsArgs({ namespace, backend, mcp, frontend, database }: StackArgs): LimitsArgs {
  const rolling = (pods: number, { pod, surge }: Omit<WorkloadArgs, "image">) => ({
    pods: pods + Math.min(surge, pods),
    resources: pod.resources,
  });
  const workloads = [
    rolling(backend.autoscaling?.maxReplicas ?? backend.replicas, backend),
    rolling(frontend.replicas, frontend),
    ...(mcp === undefined ? [] : [rolling(mcp.replicas, mcp)]),
    ...(database === undefined ? [] : [{ pods: 1, resources: databaseResources }]),
  ];
  return { namespace: namespace.name, workloads, defaults: backend.pod.resources };
}

/** Whether an application keeps something in the namespace itself. */
function hasVolume(config: StackConfig): boolean {
  return ownApplications(config).some((app) => config[app].volumePath !== "");
}

/** Whether pods need a Secret to pull their images with. */
function pulls({ images, given }: StackConfig): boolean {
  return images.loader === "registry" && given.registryPassword;
}

function pod(
  app: ApplicationName,
  application: ApplicationConfig,
  pull: boolean,
): Omit<PodArgs, "image" | "env" | "annotations"> {
  return {
    app,
    component: app,
    port: application.port,
    command: application.command,
    initCommand: application.migrateCommand,
    probe: {
      kind: application.probeKind,
      host: application.probeHost,
      startSeconds: application.startSeconds,
    },
    liveness: {
      path: application.livenessPath,
      initialDelaySeconds: application.livenessInitialDelaySeconds,
      periodSeconds: application.livenessPeriodSeconds,
    },
    readiness: {
      path: application.readinessPath,
      initialDelaySeconds: application.readinessInitialDelaySeconds,
      periodSeconds: application.readinessPeriodSeconds,
    },
    resources: {
      cpuRequest: application.cpuRequest,
      memoryRequest: application.memoryRequest,
      cpuLimit: application.cpuLimit,
      memoryLimit: application.memoryLimit,
    },
    runAsUser: application.runAsUser,
    readOnlyRoot: application.readOnlyRoot,
    writablePaths: application.writablePaths,
    ...(application.volumePath === ""
      ? {}
      : { volume: { path: application.volumePath, size: application.volumeSize } }),
    ...(pull ? { pullSecret: secretNames.pull } : {}),
  };
}
