import type { ApplicationConfig } from "./application";
import type { AssistantConfig, McpConfig } from "./assistant";
import type { ExtrasConfig } from "./extras";
import type { IngressConfig } from "./ingress";
import type { NetworkConfig } from "./network";

/** Keys whose values are secret: declared without a value in Pulumi.yaml, encrypted in a stack's file. */
export const secretKeys = [
  "databaseUrl",
  "databaseDirectUrl",
  "jwtSecret",
  "jwtSecretPrevious",
  "openaiApiKey",
  "registryPassword",
  "kagentMcpToken",
] as const;
export type SecretKey = (typeof secretKeys)[number];

/** Secrets that the back end knows, and that its pods have a variable for only where they are set. */
export const optionalSecrets = {
  databaseDirectUrl: "DATABASE_DIRECT_URL",
  jwtSecretPrevious: "JWT_SECRET_PREVIOUS",
} as const satisfies Partial<Record<SecretKey, string>>;

/** A stack's whole configuration, validated; secrets only as the fact that they are set. */
export interface StackConfig {
  cluster: { context: string };
  namespace: string;
  podSecurity: "restricted" | "baseline";
  deployTimeoutSeconds: number;
  /** Pods that a rollout starts beside the old ones at a time (maxSurge). */
  rolloutSurge: number;
  images: {
    platform: string;
    loader: "auto" | "node" | "minikube" | "registry" | "command" | "none";
    loadCommand: string;
    registry: string;
    registryUsername: string;
    nodeImage: string;
    pythonImage: string;
    npmRegistry: string;
    pythonIndexUrl: string;
  };
  frontend: ApplicationConfig & {
    serviceType: "NodePort" | "ClusterIP" | "LoadBalancer";
    nodePort: number;
    publicUrl: string;
    /** Whether one client's requests go to one pod. */
    sessionAffinity: boolean;
  };
  backend: ApplicationConfig & {
    url: string;
    expose: "none" | "nodePort";
    nodePort: number;
    publicUrl: string;
    /** How CORS_ORIGINS is written; none leaves it out. */
    corsFormat: "json" | "comma" | "none";
    /** Origins that it names beside the front end's. */
    corsOrigins: string[];
    autoscaling: boolean;
    minReplicas: number;
    maxReplicas: number;
    targetCpuUtilization: number;
  };
  assistant: AssistantConfig;
  mcp: McpConfig;
  database: {
    image: string;
    version: number;
    runAsUser: number;
    storage: string;
    protect: boolean;
    maxConnections: number;
    /** Whether it is outside of the namespace. */
    external: boolean;
    /** Whether it runs in the namespace: it does where an application connects and none is outside. */
    embedded: boolean;
    /** Port of a database outside the namespace. */
    port: number;
    /** Connections of one pod that connects. */
    poolSize: number;
  };
  ingress: IngressConfig;
  network: NetworkConfig;
  /** Whether the namespace has a ResourceQuota and a LimitRange. */
  resourceQuota: boolean;
  /** Digest of the secrets that pods read → the one that another tool's pods, still running, carry for them; empty for none. */
  keptDigests: Record<string, string>;
  extras: ExtrasConfig;
  given: Record<SecretKey, boolean>;
}

/** What is known of the configuration beside its values. */
export interface ConfigSource {
  /** Value of `kubernetes:context`, if set. */
  context?: string;
  /** Whether the configuration holds a key encrypted, or one value of a map. */
  isSecret: (key: string, name?: string) => boolean;
  /** Whether the stack is about to be deployed: what must be secret has to be there then. */
  deploying?: boolean;
}
