import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";

import type { Sandbox } from "../../../dev/sandbox";

const run = promisify(execFile);
const program = "/usr/local/bin/kube-router";

/**
 * kube-router as an engine that enforces NetworkPolicies, and nothing else of it: the sandbox's own network does not. The binary is
 * the caller's (TODO_FAULTS_KUBE_ROUTER; docs/faults.md says how it is built); it is put into each node and runs there.
 */
export async function startPolicyEngine(sandbox: Sandbox, binary: string): Promise<void> {
  for (const node of sandbox.nodes) {
    await run("docker", ["cp", binary, `${node}:${program}`]);
    await withKubeconfig(sandbox, (file) =>
      run("docker", ["cp", file, `${node}:/etc/kubernetes/kube-router.conf`]),
    );
    // Pods on the same bridge: without it their packets pass no rule.
    await run("docker", ["exec", node, "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1"]);
    const options = [
      "--run-router=false",
      "--run-service-proxy=false",
      "--run-loadbalancer=false",
      "--run-firewall=true",
      "--iptables-sync-period=30s",
      "--kubeconfig=/etc/kubernetes/kube-router.conf",
    ].join(" ");
    await run("docker", [
      ...["exec", "-d", "-e", `NODE_NAME=${node}`, node, "sh", "-c"],
      `exec ${program} ${options} >>/var/log/kubernetes/kube-router.log 2>&1`,
    ]);
  }
}

/** Ends it and takes its rules away. */
export async function stopPolicyEngine(sandbox: Sandbox): Promise<void> {
  for (const node of sandbox.nodes) {
    const script = `pkill -x kube-router; sleep 2; ${program} --cleanup-config; true`;
    await run("docker", ["exec", "-e", `NODE_NAME=${node}`, node, "sh", "-c", script]);
  }
}

/** The cluster's kubeconfig with the address that its nodes have for the API server. */
async function withKubeconfig(
  { kubeconfig, nodes }: Sandbox,
  use: (file: string) => Promise<unknown>,
): Promise<void> {
  const { stdout } = await run("docker", [
    ...["exec", nodes[0] ?? "", "cat", "/etc/kubernetes/admin.conf"],
  ]);
  const folder = mkdtempSync(path.join(tmpdir(), "todo-faults-"));
  try {
    const file = path.join(folder, path.basename(kubeconfig));
    writeFileSync(file, stdout, { mode: 0o600 });
    await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
