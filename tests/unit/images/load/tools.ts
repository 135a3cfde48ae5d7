import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * Stands in for programs that cannot run in a unit test. Each answers by the first pattern (of a
 * shell's `case`) that its arguments match; what was called is in `calls`. The real ones run in the
 * live tests.
 */
export class Tools {
  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-tools-"));
  private readonly before = process.env.PATH;

  constructor(answers: Record<string, Record<string, string>>) {
    for (const [tool, cases] of Object.entries(answers)) this.add(tool, cases);
    process.env.PATH = `${this.folder}:/usr/bin:/bin`;
  }

  /** Replaces the answers of a tool. */
  add(tool: string, cases: Record<string, string>): void {
    const branches = Object.entries(cases).map(([pattern, script]) => `${pattern}) ${script} ;;`);
    const script = [
      "#!/bin/sh",
      `echo "${tool} $*" >> ${this.folder}/calls`,
      'case "$*" in',
      ...branches,
      `*) echo "${tool} $*: not expected" >&2; exit 64 ;;`,
      "esac",
    ];
    const file = path.join(this.folder, tool);
    fs.writeFileSync(file, `${script.join("\n")}\n`, { mode: 0o755 });
  }

  calls(): string[] {
    const file = path.join(this.folder, "calls");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  }

  dispose(): void {
    process.env.PATH = this.before;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface NodeInfo {
  name: string;
  runtime?: string;
  profile?: string;
  ready?: boolean;
  unschedulable?: boolean;
  taint?: string;
}

/** A shell command that prints what `kubectl get namespaces,nodes -o json` does. */
export function cluster(uid: string, ...nodes: NodeInfo[]): Record<string, string> {
  const items = [
    { kind: "Namespace", metadata: { name: "default", uid: "other" } },
    { kind: "Namespace", metadata: { name: "kube-system", uid } },
    ...nodes.map((node, index) => ({
      kind: "Node",
      metadata: {
        name: node.name,
        labels: node.profile ? { "minikube.k8s.io/name": node.profile } : {},
      },
      spec: {
        unschedulable: node.unschedulable,
        taints: node.taint ? [{ key: node.taint, effect: "NoSchedule" }] : undefined,
      },
      status: {
        addresses: [{ type: "InternalIP", address: `172.30.0.${10 + index}` }],
        conditions: [{ type: "Ready", status: node.ready === false ? "False" : "True" }],
        nodeInfo: { containerRuntimeVersion: node.runtime ?? "containerd://2.1.0" },
      },
    })),
  ];
  return { "*'namespaces,nodes'*|*namespaces,nodes*": `echo '${JSON.stringify({ items })}'` };
}

/** `docker` on a machine where these containers run, at the addresses that `cluster` gives. */
export function containers(...names: string[]): Record<string, string> {
  const ids = names.map((_, index) => `id${index}`).join(" ");
  const lines = names.map((name, index) => `/${name} true 172.30.0.${10 + index} `);
  return {
    "ps*": `echo ${ids}`,
    "container\\ inspect*": `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")}`,
  };
}
