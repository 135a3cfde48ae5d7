import type { BackendArgs } from "../components/backend";
import type { ApplicationConfig } from "../config/application";
import type { StackConfig } from "../config/stack";
import type { CredentialsArgs } from "../components/credentials";
import { type DatabaseArgs, databaseResources } from "../components/database";
import {
  backendVariables,
  environment,
  frontendVariables,
  mcpVariables,
  settingsData,
} from "./environment";
import type { FrontendArgs } from "../components/frontend";
import type { Both } from "./images";
import type { IngressArgs } from "../components/ingress";
import type { KagentArgs } from "../components/kagent";
import type { KubectlAiArgs } from "../components/kubectl-ai";
import type { LimitsArgs } from "../components/limits";
import { mcpAddress, type McpArgs } from "../components/mcp";
import type { NamespaceArgs } from "../components/namespace";
import { networkPlan } from "./network";
import type { NetworkPoliciesArgs } from "../components/network-policies";
import type { PodArgs } from "../manifests/pod";
import { secretNames } from "../manifests/secret-data";
import type { SettingsArgs } from "../components/settings";

export { type Both, type ImageArgs, images, imageSources } from "./images";

/** The plain arguments of every component: what the program registers and what is rendered. */
export interface Plan {
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

/**
 * Decides what every component gets.
 * @param references the images with their content tags
 */
export function plan(config: StackConfig, references: Both<string>): Plan {
  const { namespace, frontend, backend } = config;
  const network = networkPlan(config);
  const { kubectlAi, kagent } = config.extras;
  const parts: Plan = {
    namespace: {
      name: namespace,
      podSecurity: config.podSecurity,
      protect: config.database.protect && !config.database.external,
    },
    credentials: {
      namespace,
      embeddedDatabase: !config.database.external,
      ...(pulls(config)
        ? { pull: { registry: config.images.registry, username: config.images.registryUsername } }
        : {}),
      frontendEnv: frontend.secretEnv.length > 0,
      backendEnv: backend.secretEnv.length > 0,
    },
    settings: { namespace, data: settingsData(config) },
    ...(config.database.external ? {} : { database: databasePlan(config) }),
    backend: backendPlan(config, references.backend),
    ...(config.mcp.separate ? { mcp: mcpPlan(config, references.backend) } : {}),
    frontend: frontendPlan(config, references.frontend),
    ...(config.ingress.host === "" ? {} : { ingress: ingressPlan(config) }),
    ...(kubectlAi.enabled ? { kubectlAi: { namespace, scale: kubectlAi.scale } } : {}),
    ...(kagent.enabled ? { kagent: kagentPlan(config) } : {}),
    ...(network === undefined ? {} : { network }),
  };
  return config.resourceQuota ? { ...parts, limits: limitsPlan(parts) } : parts;
}

function databasePlan({ namespace, database, deployTimeoutSeconds }: StackConfig): DatabaseArgs {
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

function backendPlan(config: StackConfig, image: string): BackendArgs {
  const { namespace, backend } = config;
  const { expose, nodePort, minReplicas, maxReplicas, targetCpuUtilization } = backend;
  return {
    namespace,
    replicas: backend.replicas,
    timeoutSeconds: config.deployTimeoutSeconds,
    reach: expose === "nodePort" ? { type: "NodePort", nodePort } : { type: "ClusterIP" },
    ...(backend.autoscaling
      ? { autoscaling: { minReplicas, maxReplicas, targetCpuUtilization } }
      : {}),
    pod: {
      ...pod("backend", backend, image, pulls(config)),
      initCommand: backend.migrateCommand,
      ...environment(
        settingsData(config),
        backendVariables(config),
        secretNames.backendEnv,
        backend,
      ),
    },
  };
}

/** The back end's image with another command and port; it brings the database up to date as the back end does. */
function mcpPlan(config: StackConfig, image: string): McpArgs {
  const { namespace, backend, mcp } = config;
  return {
    namespace,
    replicas: mcp.replicas,
    timeoutSeconds: config.deployTimeoutSeconds,
    pod: {
      ...pod("backend", backend, image, pulls(config)),
      app: mcpAddress.app,
      component: mcpAddress.app,
      port: mcpAddress.port,
      command: mcp.command,
      initCommand: backend.migrateCommand,
      ...environment(settingsData(config), mcpVariables(config), secretNames.backendEnv, backend),
    },
  };
}

function frontendPlan(config: StackConfig, image: string): FrontendArgs {
  const { namespace, frontend } = config;
  const { serviceType: type, nodePort } = frontend;
  return {
    namespace,
    replicas: frontend.replicas,
    timeoutSeconds: config.deployTimeoutSeconds,
    reach: type === "NodePort" ? { type, nodePort } : { type },
    pod: {
      ...pod("frontend", frontend, image, pulls(config)),
      ...environment(
        settingsData(config),
        frontendVariables(config),
        secretNames.frontendEnv,
        frontend,
      ),
    },
  };
}

function ingressPlan({ namespace, ingress, frontend }: StackConfig): IngressArgs {
  const { host, className, tlsSecret, annotations } = ingress;
  return {
    namespace,
    host,
    ...(className === "" ? {} : { className }),
    ...(tlsSecret === "" ? {} : { tlsSecret }),
    annotations,
    service: { name: "frontend", port: frontend.port },
  };
}

function kagentPlan(config: StackConfig): KagentArgs {
  const { namespace, version } = config.extras.kagent;
  const { app, port } = config.mcp.separate
    ? mcpAddress
    : { app: "backend", port: config.backend.port };
  return {
    namespace,
    version,
    model: config.assistant.model,
    ...(config.assistant.baseUrl === "" ? {} : { baseUrl: config.assistant.baseUrl }),
    mcpUrl: `http://${app}.${config.namespace}.svc:${port}/mcp`,
  };
}

/** Every workload at its largest, with the pod that an update adds (maxSurge 1). */
function limitsPlan({ namespace, backend, mcp, frontend, database }: Plan): LimitsArgs {
  const surge = 1;
  const workloads = [
    {
      pods: (backend.autoscaling?.maxReplicas ?? backend.replicas) + surge,
      resources: backend.pod.resources,
    },
    { pods: frontend.replicas + surge, resources: frontend.pod.resources },
    ...(mcp === undefined ? [] : [{ pods: mcp.replicas + surge, resources: mcp.pod.resources }]),
    ...(database === undefined ? [] : [{ pods: 1, resources: databaseResources }]),
  ];
  return { namespace: namespace.name, workloads, defaults: backend.pod.resources };
}

/** Whether pods need a Secret to pull their images with. */
function pulls({ images, given }: StackConfig): boolean {
  return images.loader === "registry" && given.registryPassword;
}

function pod(
  app: keyof Both<unknown>,
  application: ApplicationConfig,
  image: string,
  pull: boolean,
): Omit<PodArgs, "env" | "annotations"> {
  return {
    app,
    component: app,
    image,
    port: application.port,
    command: application.command,
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
    ...(pull ? { pullSecret: secretNames.pull } : {}),
  };
}
