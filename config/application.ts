import { cpuPattern, memoryPattern } from "../manifests/quantity";
import type { ConfigReader } from "./reader";

/** What an application of the user's needs to run: the same questions for the front end and the back end. */
export interface ApplicationConfig {
  context: string;
  dockerfile: string;
  /** Build target; empty is the last stage. */
  target: string;
  buildArgs: Record<string, string>;
  /** Image name without tag. */
  image: string;
  port: number;
  replicas: number;
  livenessPath: string;
  readinessPath: string;
  /** Seconds. */
  livenessInitialDelaySeconds: number;
  readinessInitialDelaySeconds: number;
  livenessPeriodSeconds: number;
  readinessPeriodSeconds: number;
  /** Empty keeps the image's own. */
  command: string[];
  env: Record<string, string>;
  /** Names of the environment variables whose values are secret. */
  secretEnv: string[];
  writablePaths: string[];
  runAsUser: number;
  readOnlyRoot: boolean;
  /** Kubernetes quantities. */
  cpuRequest: string;
  memoryRequest: string;
  cpuLimit: string;
  memoryLimit: string;
}

/** Relative; blanks within it are part of a name. */
const path = /^[^/\s]([^\r\n]*\S)?$/;
const urlPath = /^\/\S*$/;
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Reads the keys that begin with `frontend` or `backend`. */
export function readApplication(
  reader: ConfigReader,
  prefix: "frontend" | "backend",
): ApplicationConfig {
  const isBackend = prefix === "backend";
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
  return {
    context: reader.text(key("Context"), path, "a folder relative to Pulumi.yaml", "."),
    dockerfile: reader.text(
      key("Dockerfile"),
      path,
      "a file relative to Pulumi.yaml",
      `docker/${prefix}.Dockerfile`,
    ),
    target: reader.text(key("Target"), /^[\w.-]*$/, "the name of a build stage, or empty", ""),
    buildArgs: reader.map(key("BuildArgs"), variable, "names of build arguments", "NAME"),
    image: reader.text(
      key("Image"),
      /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
      "an image name in lower case, without tag",
      `todo-${prefix}`,
    ),
    port: reader.integer(key("Port"), 1, 65535, isBackend ? 8000 : 3000),
    replicas: reader.integer(key("Replicas"), 1, 100, isBackend ? 3 : 2),
    livenessPath: reader.text(
      key("LivenessPath"),
      urlPath,
      "a path that begins with /",
      isBackend ? "/livez" : "/",
    ),
    readinessPath: reader.text(
      key("ReadinessPath"),
      urlPath,
      "a path that begins with /",
      isBackend ? "/readyz" : "/",
    ),
    livenessInitialDelaySeconds: seconds("LivenessInitialDelaySeconds", 0, 0),
    readinessInitialDelaySeconds: seconds("ReadinessInitialDelaySeconds", 0, 0),
    livenessPeriodSeconds: seconds("LivenessPeriodSeconds", 1, 10),
    readinessPeriodSeconds: seconds("ReadinessPeriodSeconds", 1, 5),
    command: reader.list(key("Command"), /[\s\S]/, "words", "python"),
    env: reader.map(key("Env"), variable, "names of environment variables", "NAME"),
    secretEnv: Object.keys(
      reader.map(key("SecretEnv"), variable, "names of environment variables", "NAME"),
    ).sort(),
    writablePaths: reader.list(key("WritablePaths"), /^\/\S+$/, "absolute paths", "/tmp"),
    runAsUser: reader.integer(key("RunAsUser"), 0, 2 ** 31 - 1, 10001),
    readOnlyRoot: reader.flag(key("ReadOnlyRoot"), true),
    cpuRequest: cpu("CpuRequest", "100m"),
    memoryRequest: memory("MemoryRequest", "256Mi"),
    cpuLimit: cpu("CpuLimit", "500m"),
    memoryLimit: memory("MemoryLimit", "512Mi"),
  };
}
