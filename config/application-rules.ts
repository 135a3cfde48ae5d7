import { bytes, millicores } from "../manifests/quantity";
import { applicationNames, type ApplicationConfig, type ApplicationName } from "./application";
import type { ConfigReader } from "./reader";
import type { StackConfig } from "./stack-config";

/** What a start may take without anybody saying so: rollouts of any length have room for it or had none before. */
const usualStartSeconds = 120;
/** Pulling an image and ending an old pod, beside the start. */
const rolloutMarginSeconds = 60;

/** The applications whose own keys count: the MCP server's only where it has an image of its own. */
export function ownApplications({ mcp }: StackConfig): ApplicationName[] {
  return applicationNames.filter((app) => app !== "mcp" || mcp.ownImage);
}

/** Rules over several keys of one application. */
export function checkApplications(reader: ConfigReader, config: StackConfig): void {
  for (const app of ownApplications(config)) {
    const application = config[app];
    checkResources(reader, app, application);
    checkUser(reader, app, application, config);
    checkStart(reader, app, application, config);
    checkVolume(reader, app, config);
    checkDatabaseFile(reader, app, config);
  }
  checkMcp(reader, config);
}

/** The API server refuses containers that request more than they may use. */
function checkResources(
  reader: ConfigReader,
  app: ApplicationName,
  { cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ApplicationConfig,
): void {
  if (millicores(cpuRequest) > millicores(cpuLimit)) {
    reader.problem({
      key: `${app}CpuRequest`,
      value: cpuRequest,
      allowed: `at most ${app}CpuLimit, which is ${cpuLimit}`,
      remedy: `pulumi config set ${app}CpuLimit ${cpuRequest}`,
    });
  }
  if (bytes(memoryRequest) > bytes(memoryLimit)) {
    reader.problem({
      key: `${app}MemoryRequest`,
      value: memoryRequest,
      allowed: `at most ${app}MemoryLimit, which is ${memoryLimit}`,
      remedy: `pulumi config set ${app}MemoryLimit ${memoryRequest}`,
    });
  }
}

function checkUser(
  reader: ConfigReader,
  app: ApplicationName,
  { runAsUser }: ApplicationConfig,
  { podSecurity }: StackConfig,
): void {
  if (runAsUser !== 0 || podSecurity !== "restricted") return;
  reader.problem({
    key: `${app}RunAsUser`,
    value: "0",
    allowed: "another user than root while podSecurity is restricted",
    remedy: "pulumi config set podSecurity baseline   (for an image that must run as root)",
  });
}

/** A rollout that gives up before a pod may be ready can never succeed. */
function checkStart(
  reader: ConfigReader,
  app: ApplicationName,
  { startSeconds }: ApplicationConfig,
  { deployTimeoutSeconds }: StackConfig,
): void {
  if (startSeconds <= usualStartSeconds || startSeconds < deployTimeoutSeconds) return;
  reader.problem({
    key: "deployTimeoutSeconds",
    value: String(deployTimeoutSeconds),
    allowed: `more than ${app}StartSeconds, which is ${startSeconds}`,
    remedy: `pulumi config set deployTimeoutSeconds ${Math.min(3600, startSeconds + rolloutMarginSeconds)}`,
  });
}

/** The most pods of an application, and the commands that make it one. */
function manyPods(
  app: ApplicationName,
  { [app]: { replicas }, backend }: StackConfig,
): string | undefined {
  const commands = [
    ...(app === "backend" && backend.autoscaling ? ["pulumi config set autoscaling false"] : []),
    ...(replicas > 1 ? [`pulumi config set ${app}Replicas 1`] : []),
  ];
  return commands.length === 0 ? undefined : commands.join(" && ");
}

/** A volume belongs to one pod: a second one may be on another node, or write the same file at the same time. */
function checkVolume(reader: ConfigReader, app: ApplicationName, config: StackConfig): void {
  const { volumePath, writablePaths } = config[app];
  const remedy = manyPods(app, config);
  if (writablePaths.includes(volumePath)) {
    const others = writablePaths.filter((path) => path !== volumePath);
    reader.problem({
      key: `${app}WritablePaths`,
      value: JSON.stringify(writablePaths),
      allowed: `without ${volumePath}, which is on the volume: a folder is mounted once`,
      remedy: `pulumi config set ${app}WritablePaths '${JSON.stringify(others)}'`,
    });
  }
  if (volumePath === "" || remedy === undefined) return;
  reader.problem({
    key: `${app}VolumePath`,
    value: volumePath,
    allowed: "empty while there may be several pods: a volume belongs to one",
    remedy,
  });
}

/** SQLAlchemy's, Django's and Prisma's addresses of SQLite files; a database in memory is meant to vanish. */
const databaseFile = /^(sqlite(\+\w+)?:\/\/\/(?!:memory:)(?=\S)|file:\S+\.(db|sqlite3?)\b)/;

/** Each pod would have a database of its own, and lose it when it ends. */
function checkDatabaseFile(reader: ConfigReader, app: ApplicationName, config: StackConfig): void {
  const { env, volumePath } = config[app];
  const name = Object.keys(env).find((name) => databaseFile.test(env[name] ?? ""));
  if (name === undefined || volumePath !== "") return;
  const one = manyPods(app, config);
  const folder = /^(?:sqlite(?:\+\w+)?:\/\/\/|file:)(\/\S*)\/[^/]+$/.exec(env[name] ?? "")?.[1];
  reader.problem({
    key: `${app}Env.${name}`,
    value: JSON.stringify(env[name]),
    allowed:
      "the address of a database that all pods share: a file in a pod is gone with it, and every pod has another",
    remedy: [
      `pulumi config rm --path '${app}Env.${name}' && pulumi config set ${app}Database url   (PostgreSQL)`,
      `or one pod and a volume: ${one === undefined ? "" : `${one} && `}pulumi config set ${app}VolumePath ${folder ?? "/data"}`,
    ].join("\n      "),
  });
}

/** The command of this repository's own MCP server, which another image does not hold. */
const ownCommand = ["python", "-m", "app.serve", "mcp"];

function checkMcp(reader: ConfigReader, { mcp }: StackConfig): void {
  if (!mcp.ownImage) return;
  if (!mcp.separate) {
    reader.problem({
      key: "mcpMode",
      value: "embedded",
      allowed: "separate with mcpDockerfile: its image runs in pods of its own",
      remedy: "pulumi config set mcpMode separate",
    });
  }
  if (mcp.command.join("\n") === ownCommand.join("\n")) {
    reader.problem({
      key: "mcpCommand",
      value: JSON.stringify(mcp.command),
      allowed: "a command that the image of mcpDockerfile holds, or [] for the image's own",
      remedy: "pulumi config set mcpCommand '[]'",
    });
  }
}
