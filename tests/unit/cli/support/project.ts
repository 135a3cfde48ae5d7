/** A copy of the program, with fake `docker`, `kubectl`, `minikube` and `pulumi` that note what they were asked. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

const root = path.join(__dirname, "..", "..", "..", "..");

/** What the commands read of the project; the applications' sources are not part of it. */
const COPIED = [
  ...[
    "automation",
    "cli",
    "components",
    "config",
    "dev",
    "hooks",
    "images",
    "manifests",
    "program",
  ],
  ...["render", "review", "stack", "tools"],
  ...["index.ts", "package.json", "package-lock.json", "tsconfig.json", "Pulumi.yaml"],
  ...["Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"],
];

export type Tool = "docker" | "kubectl" | "minikube" | "pulumi";

/** How a tool answers; the first whose pattern is in its arguments counts. */
export interface Answer {
  /** Part of the arguments as one line; `*` stands for anything. */
  to: string;
  stdout?: string;
  stderr?: string;
  code?: number;
  /** Shell lines in place of `stdout`; `$*` are the arguments. */
  run?: string;
}

/** One call of a fake tool. */
export interface Call {
  tool: string;
  args: string;
  /** Variables that decide which cluster, daemon, backend and stack a tool means. */
  env: Record<string, string>;
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

const NOTED = [
  ...["KUBECONFIG", "DOCKER_HOST", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"],
  ...["PULUMI_STACK", "PULUMI_K8S_ENABLE_PATCH_FORCE", "NO_PROXY"],
];

/** What `kubectl get namespaces,nodes -o json` prints of a cluster with one ready node. */
export function clusterList(uid: string): string {
  const namespace = { kind: "Namespace", metadata: { name: "kube-system", uid } };
  const node = {
    kind: "Node",
    metadata: { name: "node-1" },
    spec: {},
    status: {
      allocatable: { cpu: "16", memory: "64Gi" },
      conditions: [{ type: "Ready", status: "True" }],
      nodeInfo: {
        containerRuntimeVersion: "containerd://2.0.0",
        kubeletVersion: "v1.35.2",
        architecture: "amd64",
      },
      addresses: [],
    },
  };
  return JSON.stringify({ items: [namespace, node] });
}

/** Answers of tools that are there, with a cluster of one ready node and nothing in it. */
export const usual: Record<Tool, Answer[]> = {
  docker: [
    {
      to: "info --format {{json .}}",
      stdout: JSON.stringify({
        ServerVersion: "27.3.1",
        NCPU: 8,
        MemTotal: 16 * 2 ** 30,
        OperatingSystem: "Linux",
        Architecture: "x86_64",
        ClientInfo: { Version: "27.3.1", Context: "default" },
      }),
    },
    { to: "context inspect", stdout: JSON.stringify([{ Name: "default" }]) },
  ],
  kubectl: [
    { to: "version --client", stdout: "Client Version: v1.35.2" },
    {
      to: "*get namespaces,nodes*",
      stdout: clusterList("uid-1"),
    },
    { to: "*-o json*", stdout: JSON.stringify({ items: [] }) },
  ],
  minikube: [
    { to: "version --short", stdout: "v1.37.0" },
    { to: "status *", stdout: '{"Host":"Running","Kubelet":"Running","APIServer":"Running"}' },
    { to: "addons list*", stdout: '{"metrics-server":{"Profile":"x","Status":"enabled"}}' },
    { to: "ip *", stdout: "127.0.0.1" },
  ],
  pulumi: [
    { to: "version", stdout: "v3.259.0" },
    {
      to: "plugin ls*",
      stdout: JSON.stringify(["kubernetes", "docker", "random"].map((name) => ({ name }))),
    },
    { to: "whoami*", stdout: '{"user":"ann","url":"file:///x"}' },
  ],
};

/** Folders of this process, used again by one project after another: Node keeps compiled code by a file's path. */
const folders = { parent: "", free: [] as string[], count: 0 };

function takeFolder(): string {
  if (folders.parent === "") {
    folders.parent = fs.mkdtempSync(path.join(os.tmpdir(), "todo-cli-"));
    process.on("exit", () => {
      fs.rmSync(folders.parent, { recursive: true, force: true });
    });
  }
  const folder = folders.free.pop() ?? path.join(folders.parent, String(++folders.count));
  fs.mkdirSync(folder);
  return folder;
}

export class FakeProject {
  readonly folder = takeFolder();
  readonly #programs = path.join(this.folder, "fake-programs");
  readonly #servers: http.Server[] = [];

  constructor() {
    for (const name of COPIED) {
      fs.cpSync(path.join(root, name), this.path(name), { recursive: true });
    }
    fs.symlinkSync(path.join(root, "node_modules"), this.path("node_modules"));
    fs.mkdirSync(this.#programs);
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  read(...parts: string[]): string {
    return fs.readFileSync(this.path(...parts), "utf8");
  }

  write(file: string, content: string): void {
    fs.mkdirSync(path.dirname(this.path(file)), { recursive: true });
    fs.writeFileSync(this.path(file), content);
  }

  /** Names of the files in a folder and below it; none where it does not exist. */
  files(folder: string): string[] {
    if (!fs.existsSync(this.path(folder))) return [];
    return fs.readdirSync(this.path(folder), { recursive: true }).map(String).sort();
  }

  /** Puts a fake tool on PATH, or removes it; its own answers are tried before the usual ones. */
  tool(name: Tool, answers: Answer[] | "absent" = [], folder = this.#programs): void {
    const file = path.join(folder, name);
    fs.rmSync(file, { force: true });
    if (answers === "absent") return;
    fs.mkdirSync(folder, { recursive: true });
    const cases = [...answers, ...usual[name]].map(
      ({ to, stdout = "", stderr = "", code, run }) => {
        const pattern = to.split("*").map(quoted).join("*");
        const said = run ?? `printf %s ${quoted(stdout)}`;
        return `${pattern}) ${said}\nprintf %s ${quoted(stderr)} >&2; exit ${code ?? 0};;`;
      },
    );
    const variables = NOTED.map((key) => `${key}=$${key}`).join("\\t");
    const script = [
      "#!/bin/sh",
      // One write for each call: calls run at the same time.
      `printf '%s\\n' "$(printf '${name}\\t%s\\t' "$(printf %s "$*" | tr '\\n\\t' '  ')")$(printf "${variables}")" >> ${quoted(this.path("calls.log"))}`,
      'case "$*" in',
      ...cases,
      "esac",
      "exit 0",
    ];
    fs.writeFileSync(file, `${script.join("\n")}\n`, { mode: 0o755 });
  }

  /** Puts any other program on PATH: the text of a shell script. */
  program(name: string, script: string): void {
    fs.writeFileSync(path.join(this.#programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  /** All four tools with their usual answers. */
  allTools(): void {
    for (const name of Object.keys(usual) as Tool[]) this.tool(name);
  }

  calls(tool?: Tool): Call[] {
    if (!fs.existsSync(this.path("calls.log"))) return [];
    return this.read("calls.log")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [name = "", args = "", ...variables] = line.split("\t");
        const pairs = variables.map((text) => {
          const at = text.indexOf("=");
          return [text.slice(0, at), text.slice(at + 1)] as const;
        });
        return { tool: name, args, env: Object.fromEntries(pairs) };
      })
      .filter((call) => tool === undefined || call.tool === tool);
  }

  forgetCalls(): void {
    fs.rmSync(this.path("calls.log"), { force: true });
  }

  /** Runs a command of the project, as `npm run` does, without a terminal. */
  run(args: string[], env: Record<string, string | undefined> = {}): Promise<Finished> {
    return this.spawn(process.execPath, [this.path("cli", "bootstrap.mjs"), ...args], env);
  }

  spawn(
    program: string,
    args: string[],
    env: Record<string, string | undefined> = {},
  ): Promise<Finished> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: this.folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          HOME: this.path("home"),
          XDG_CACHE_HOME: this.path("cache"),
          PATH: [this.#programs, path.dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
          TMPDIR: os.tmpdir(),
          // Not into the real one: what is kept there is of paths that are gone after the tests.
          NODE_COMPILE_CACHE: path.join(folders.parent, "compiled"),
          INIT_CWD: this.folder,
          ...env,
        },
      });
      const finished: Finished = { code: null, stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => (finished.stdout += chunk));
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => (finished.stderr += chunk));
      child.on("error", reject);
      child.on("close", (code) => {
        resolve({ ...finished, code });
      });
    });
  }

  /** A site that answers on a port of this machine; in the range of node ports by default. */
  async site(from = 30_400): Promise<number> {
    const server = http.createServer((_request, response) => response.end("here"));
    this.#servers.push(server);
    for (let port = from; port < 32_767; port += 1) {
      const isFree = await new Promise<boolean>((resolve) => {
        server.once("error", () => {
          resolve(false);
        });
        server.listen(port, "127.0.0.1", () => {
          resolve(true);
        });
      });
      if (isFree) return (server.address() as AddressInfo).port;
    }
    throw new Error("no port is free");
  }

  remove(): void {
    for (const server of this.#servers) server.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
    folders.free.push(this.folder);
  }
}

function quoted(text: string): string {
  return text === "" ? "" : `'${text.replaceAll("'", `'\\''`)}'`;
}
