import type { BackendArgs } from "./backend";
import { checksum, configChecksum } from "./checksum";
import type { ApplicationConfig, StackConfig } from "./config";
import type { CredentialsArgs } from "./credentials";
import type { DatabaseArgs } from "./database";
import type { FrontendArgs } from "./frontend";
import type { ImageSource } from "./images/source";
import type { LoaderSettings } from "./loaders/loader";
import type { NamespaceArgs } from "./namespace";
import { networkPlan } from "./network-plan";
import type { NetworkPoliciesArgs } from "./network-policies";
import type { PodArgs, Variable } from "./pod";
import { secretNames } from "./secret-data";
import { type SettingsArgs, settingsName } from "./settings";

/** One value for each of the two applications. */
export interface Both<T> {
  frontend: T;
  backend: T;
}

/** An image, and the way it takes into the cluster. */
export interface ImageArgs extends ImageSource {
  kubeContext: string;
  loader: LoaderSettings;
}

/** The plain arguments of every component: what the program registers and what is rendered. */
export interface Plan {
  namespace: NamespaceArgs;
  credentials: CredentialsArgs;
  settings: SettingsArgs;
  /** Absent when the stack has a database of its own. */
  database?: DatabaseArgs;
  backend: BackendArgs;
  frontend: FrontendArgs;
  /** Absent when the stack wants no policies. */
  network?: NetworkPoliciesArgs;
}

/** Both images: what they are made from, and how they reach the cluster. */
export function images(config: StackConfig): Both<ImageArgs> {
  const { loader, loadCommand, registry } = config.images;
  const way = {
    kubeContext: config.cluster.context,
    loader: {
      kind: loader,
      ...(loader === "command" ? { command: loadCommand } : {}),
      ...(loader === "registry" ? { registry } : {}),
    },
  };
  const { frontend, backend } = imageSources(config);
  return { frontend: { ...frontend, ...way }, backend: { ...backend, ...way } };
}

/** What both images are made from. */
export function imageSources(config: StackConfig): Both<ImageSource> {
  const { images, backend, frontend } = config;
  const source = (
    label: keyof Both<unknown>,
    application: ApplicationConfig,
    buildArgs: Record<string, string>,
  ): ImageSource => ({
    label,
    repository:
      images.loader === "registry" ? `${images.registry}/${application.image}` : application.image,
    context: application.context,
    dockerfile: application.dockerfile,
    ...(application.target === "" ? {} : { target: application.target }),
    platform: images.platform,
    buildArgs: { ...withoutEmpty(buildArgs), ...application.buildArgs },
  });
  return {
    frontend: source("frontend", frontend, {
      NODE_IMAGE: images.nodeImage,
      NPM_REGISTRY: images.npmRegistry,
      // Only where browsers call the API themselves: otherwise one image serves every environment.
      NEXT_PUBLIC_API_URL: backend.publicUrl,
    }),
    backend: source("backend", backend, {
      PYTHON_IMAGE: images.pythonImage,
      PYTHON_INDEX_URL: images.pythonIndexUrl,
    }),
  };
}

/**
 * Decides what every component gets.
 * @param references the images with their content tags
 */
export function plan(config: StackConfig, references: Both<string>): Plan {
  const { namespace, backend, frontend, database, given } = config;
  const settings = settingsData(config);
  const pull = config.images.loader === "registry" && given.registryPassword;
  const network = networkPlan(config);
  return {
    namespace: {
      name: namespace,
      podSecurity: config.podSecurity,
      protect: database.protect && !given.databaseUrl,
    },
    credentials: {
      namespace,
      embeddedDatabase: !given.databaseUrl,
      ...(pull
        ? { pull: { registry: config.images.registry, username: config.images.registryUsername } }
        : {}),
      frontendEnv: frontend.secretEnv.length > 0,
      backendEnv: backend.secretEnv.length > 0,
    },
    settings: { namespace, data: settings },
    ...(given.databaseUrl
      ? {}
      : {
          database: {
            namespace,
            image: database.image,
            version: database.version,
            runAsUser: database.runAsUser,
            storage: database.storage,
            maxConnections: database.maxConnections,
            timeoutSeconds: config.deployTimeoutSeconds,
          },
        }),
    backend: {
      namespace,
      replicas: backend.replicas,
      timeoutSeconds: config.deployTimeoutSeconds,
      ...(backend.expose === "nodePort" ? { nodePort: backend.nodePort } : {}),
      ...(backend.autoscaling
        ? {
            autoscaling: {
              minReplicas: backend.minReplicas,
              maxReplicas: backend.maxReplicas,
              targetCpuUtilization: backend.targetCpuUtilization,
            },
          }
        : {}),
      pod: {
        ...pod("backend", backend, references.backend, pull),
        initCommand: backend.migrateCommand,
        ...environment(settings, backendVariables(config), secretNames.backendEnv, backend),
      },
    },
    frontend: {
      namespace,
      replicas: frontend.replicas,
      timeoutSeconds: config.deployTimeoutSeconds,
      nodePort: frontend.nodePort,
      pod: {
        ...pod("frontend", frontend, references.frontend, pull),
        ...environment(settings, frontendVariables(config), secretNames.frontendEnv, frontend),
      },
    },
    ...(network === undefined ? {} : { network }),
  };
}

/** Where a browser finds the application: a NodePort is published on the developer's own machine. */
export function frontendUrl({ frontend }: StackConfig): string {
  return frontend.publicUrl === "" ? `http://127.0.0.1:${frontend.nodePort}` : frontend.publicUrl;
}

/** Seed section 3.3, and what the assistant needs beside it. */
function settingsData(config: StackConfig): Record<string, string> {
  return withoutEmpty({
    BACKEND_URL: backendUrl(config),
    OPENAI_AGENT_MODEL: config.assistant.model,
    OPENAI_API_MODE: config.assistant.apiMode,
    OPENAI_BASE_URL: config.assistant.baseUrl,
  });
}

function backendUrl(config: StackConfig): string {
  return config.backend.url === "" ? `http://backend:${config.backend.port}` : config.backend.url;
}

/** Seed section 3.5; the sizes of the pool are the database's (config.database.poolSize). */
function backendVariables(config: StackConfig): Record<string, Variable> {
  const secret = (key: string) => ({ secret: secretNames.application, key });
  const setting = (key: string) => ({ configMap: settingsName, key });
  return {
    DATABASE_URL: secret("database-url"),
    JWT_SECRET: secret("jwt-secret"),
    OPENAI_API_KEY: secret("openai-api-key"),
    OPENAI_AGENT_MODEL: setting("OPENAI_AGENT_MODEL"),
    OPENAI_API_MODE: setting("OPENAI_API_MODE"),
    ...(config.assistant.baseUrl === "" ? {} : { OPENAI_BASE_URL: setting("OPENAI_BASE_URL") }),
    DATABASE_POOL_SIZE: { value: String(config.database.poolSize) },
    ...(config.backend.expose === "none"
      ? {}
      : { CORS_ORIGINS: { value: JSON.stringify([config.frontend.publicUrl]) } }),
  };
}

/** Seed section 3.4: the name that the seed uses, and the one that is read at run time. */
function frontendVariables(config: StackConfig): Record<string, Variable> {
  return {
    NEXT_PUBLIC_API_URL: { value: backendUrl(config) },
    BACKEND_URL: { configMap: settingsName, key: "BACKEND_URL" },
    // Kubernetes sets it to the pod's name; Next.js would listen on that address alone.
    HOSTNAME: { value: "0.0.0.0" },
    PORT: { value: String(config.frontend.port) },
    ...(config.frontend.publicUrl === ""
      ? {}
      : { PUBLIC_URL: { value: config.frontend.publicUrl } }),
  };
}

/** A pod's variables, and the digest of the settings among them. */
function environment(
  settings: Record<string, string>,
  variables: Record<string, Variable>,
  secretName: string,
  application: ApplicationConfig,
): Pick<PodArgs, "env" | "annotations"> {
  const read = Object.values(variables).flatMap((variable) =>
    "configMap" in variable ? [[variable.key, settings[variable.key] ?? ""] as const] : [],
  );
  const plain = Object.entries(application.env).map(([name, value]) => [name, { value }] as const);
  const secret = application.secretEnv.map(
    (name) => [name, { secret: secretName, key: name }] as const,
  );
  return {
    env: { ...variables, ...Object.fromEntries(plain), ...Object.fromEntries(secret) },
    annotations: { [configChecksum]: checksum(Object.fromEntries(read)) },
  };
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

function withoutEmpty(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
