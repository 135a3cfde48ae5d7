import { cpuPattern, memoryPattern } from "../manifests/quantity";
import type { ConfigReader } from "./reader";

/** What an application of the user's needs to run: the same questions for each of them. */
export interface ApplicationConfig {
  context: string;
  /** Empty for an MCP server that runs from the back end's image. */
  dockerfile: string;
  /** Build target; empty is the last stage. */
  target: string;
  buildArgs: Record<string, string>;
  /** Names of the secrets that the build's steps mount. */
  buildSecrets: string[];
  /** Image name without tag. */
  image: string;
  port: number;
  replicas: number;
  probeKind: "http" | "tcp" | "grpc";
  /** Host header of HTTP probes; empty is the pod's address. */
  probeHost: string;
  /** Seconds that a start may take. */
  startSeconds: number;
  livenessPath: string;
  readinessPath: string;
  /** Seconds. */
  livenessInitialDelaySeconds: number;
  readinessInitialDelaySeconds: number;
  livenessPeriodSeconds: number;
  readinessPeriodSeconds: number;
  /** Whether the pods know the database: not at all, by its URL, or by the URL and by each part of it. */
  database: "none" | "url" | "full";
  /** Scheme of the URL in place of the one given; empty keeps that. */
  databaseScheme: string;
  /** What follows the URL's question mark in place of what was given; empty keeps that. */
  databaseOptions: string;
  /** Run before the application with its image and environment; empty for none. */
  migrateCommand: string[];
  /** Empty keeps the image's own. */
  command: string[];
  env: Record<string, string>;
  /** Names of the environment variables whose values are secret. */
  secretEnv: string[];
  writablePaths: string[];
  /** A folder that is kept on a volume; empty for none. */
  volumePath: string;
  /** A Kubernetes quantity. */
  volumeSize: string;
  runAsUser: number;
  readOnlyRoot: boolean;
  /** Kubernetes quantities. */
  cpuRequest: string;
  memoryRequest: string;
  cpuLimit: string;
  memoryLimit: string;
}

/** The applications, by what their configuration keys begin with. */
export const applicationNames = ["frontend", "backend", "mcp"] as const;
export type ApplicationName = (typeof applicationNames)[number];

/** Relative; blanks within it are part of a name. */
const path = /^[^/\s]([^\r\n]*\S)?$/;
const urlPath = /^\/\S*$/;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Values that fit each application, for messages about those that do not. */
const examples = {
  frontend: { dockerfile: "docker/frontend.Dockerfile", port: 3000, pods: 2, path: "/" },
  backend: { dockerfile: "docker/backend.Dockerfile", port: 8000, pods: 3, path: "/livez" },
  mcp: { dockerfile: "docker/mcp.Dockerfile", port: 8001, pods: 2, path: "/health" },
};

/** Reads the keys that begin with an application's name. */
export function readApplication(reader: ConfigReader, prefix: ApplicationName): ApplicationConfig {
  const example = examples[prefix];
  const key = (name: string) => `${prefix}${name}`;
  const cpu = (name: string, example: string) =>
    reader.text(
      key(name),
      cpuPattern,
      `CPU such as ${example} (thousandths) or 1 (cores)`,
      example,
    );
  const memory = (name: string, example: string) =>
    reader.text(
      key(name),
      memoryPattern,
      `memory such as ${example}, with a unit such as Mi or Gi`,
      example,
    );
  const seconds = (name: string, minimum: number, example: number) =>
    reader.integer(key(name), minimum, 3600, example);
  const probePath = (name: string, example: string) =>
    reader.text(key(name), urlPath, "a path that begins with /", example);
  const command = (name: string) => reader.list(key(name), /[\s\S]/, "words", "python");
  return {
    context: reader.text(key("Context"), path, "a folder relative to Pulumi.yaml", "."),
    dockerfile: reader.text(
      key("Dockerfile"),
      prefix === "mcp" ? new RegExp(`^$|${path.source}`) : path,
      `a file relative to Pulumi.yaml${prefix === "mcp" ? ", or empty" : ""}`,
      example.dockerfile,
    ),
    target: reader.text(key("Target"), /^[\w.-]*$/, "the name of a build stage, or empty", ""),
    buildArgs: reader.map(key("BuildArgs"), variable, "names of build arguments", "NAME"),
    buildSecrets: Object.keys(
      reader.map(key("BuildSecrets"), /^[\w.-]+$/, "the ids of secrets", "NAME"),
    ).sort(),
    image: reader.text(
      key("Image"),
      /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
      "an image name in lower case, without tag",
      `todo-${prefix}`,
    ),
    port: reader.integer(key("Port"), 1, 65535, example.port),
    replicas: reader.integer(key("Replicas"), 1, 100, example.pods),
    probeKind: reader.oneOf(key("ProbeKind"), ["http", "tcp", "grpc"]),
    probeHost: reader.text(
      key("ProbeHost"),
      /^([\w.-]+(:\d+)?)?$/,
      "a host name, or empty",
      "todo.example.com",
    ),
    startSeconds: seconds("StartSeconds", 1, 240),
    livenessPath: probePath("LivenessPath", example.path),
    readinessPath: probePath("ReadinessPath", prefix === "backend" ? "/readyz" : example.path),
    livenessInitialDelaySeconds: seconds("LivenessInitialDelaySeconds", 0, 0),
    readinessInitialDelaySeconds: seconds("ReadinessInitialDelaySeconds", 0, 0),
    livenessPeriodSeconds: seconds("LivenessPeriodSeconds", 1, 10),
    readinessPeriodSeconds: seconds("ReadinessPeriodSeconds", 1, 5),
    database: reader.oneOf(key("Database"), ["none", "url", "full"]),
    databaseScheme: reader.text(
      key("DatabaseScheme"),
      /^(postgres(ql)?(\+\w+)?)?$/,
      "the scheme of a PostgreSQL address, such as postgresql+asyncpg, or empty",
      "postgresql+asyncpg",
    ),
    databaseOptions: reader.text(
      key("DatabaseOptions"),
      /^([\w.-]+=[^\s&#?]*(&[\w.-]+=[^\s&#?]*)*)?$/,
      "options of an address, NAME=VALUE with & between them, or empty",
      "sslmode=require",
    ),
    migrateCommand: command("MigrateCommand"),
    command: command("Command"),
    env: reader.map(key("Env"), variable, "names of environment variables", "NAME"),
    secretEnv: Object.keys(
      reader.map(key("SecretEnv"), variable, "names of environment variables", "NAME"),
    ).sort(),
    writablePaths: reader.list(key("WritablePaths"), /^\/\S+$/, "absolute paths", "/tmp"),
    volumePath: reader.text(key("VolumePath"), /^(\/\S+)?$/, "an absolute path, or empty", "/data"),
    volumeSize: reader.text(
      key("VolumeSize"),
      /^\d+(Mi|Gi|Ti)$/,
      "a size such as 1Gi, in Mi, Gi or Ti",
      "1Gi",
    ),
    runAsUser: reader.integer(key("RunAsUser"), 0, 2 ** 31 - 1, 10001),
    readOnlyRoot: reader.flag(key("ReadOnlyRoot"), true),
    cpuRequest: cpu("CpuRequest", "100m"),
    memoryRequest: memory("MemoryRequest", "256Mi"),
    cpuLimit: cpu("CpuLimit", "500m"),
    memoryLimit: memory("MemoryLimit", "512Mi"),
  };
}
