import assert from "node:assert/strict";

import { manifests } from "../../../components/network-policies";
import { manifestArgs } from "../../../stack/args";
import { type Party, reaches } from "../fixtures/network";
import { references, stackConfig } from "../fixtures/stack";

const own = (labels: Record<string, string>): Party => ({ namespace: "todo-app", labels });
const parties: Record<string, Party> = {
  frontend: own({ app: "frontend" }),
  backend: own({ app: "backend" }),
  mcp: own({ app: "mcp" }),
  postgres: own({ app: "postgres" }),
  job: own({ "todo-app/database-client": "true" }),
  other: own({ app: "debug" }),
  dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
  neighbour: { namespace: "default", labels: { app: "backend" } },
  prometheus: { namespace: "monitoring", labels: {} },
  outside: "outside",
};
const ports = [53, 80, 443, 3000, 5432, 6543, 8000, 8001, 11434];

/** Every way that is open, as "from → to:port", over all parties and ports. */
function open(changes: Record<string, unknown> = {}): string[] {
  const { network } = manifestArgs(stackConfig(changes), references);
  assert.ok(network);
  const policies = Object.values(manifests(network));
  return Object.entries(parties).flatMap(([from, source]) =>
    Object.entries(parties)
      // What is outside of the namespace at both ends is not ours to say.
      .filter(([to]) => isOurs(source) || isOurs(parties[to]))
      .filter(([to]) => to !== from)
      .flatMap(([to, target]) =>
        ports
          .filter((port) => reaches(policies, source, target, port))
          .map((port) => `${from} → ${to}:${port}`),
      ),
  );
}

function isOurs(party: Party | undefined): boolean {
  return party !== undefined && party !== "outside" && party.namespace === "todo-app";
}

const everywhere = (from: string, port: number) =>
  ["dns", "neighbour", "prometheus", "outside"].map((to) => `${from} → ${to}:${port}`);

const inside = ["frontend", "backend", "mcp", "postgres", "job", "other"];
const standard = [
  ...["dns", "neighbour", "prometheus", "outside"].map((from) => `${from} → frontend:3000`),
  "frontend → backend:8000",
  "backend → postgres:5432",
  ...inside.map((from) => `${from} → dns:53`),
  ...everywhere("backend", 443),
];

function assertOpen(changes: Record<string, unknown>, more: string[], less: string[] = []) {
  const wanted = [...standard.filter((way) => !less.includes(way)), ...more];
  assert.deepEqual(open(changes).sort(), [...new Set(wanted)].sort());
}

describe("the network policies, over every pair of pods and every port", () => {
  it("open the ways that the application needs, and no other", () => {
    assertOpen({}, []);
  });

  it("let name servers answer over UDP", () => {
    const { network } = manifestArgs(stackConfig(), references);
    assert.ok(network);
    const policies = Object.values(manifests(network));
    const { backend = "outside", dns = "outside" } = parties;
    assert.ok(reaches(policies, backend, dns, 53, "UDP"));
  });

  it("let the back end out to a database outside the namespace, and close the inner one", () => {
    const changes = { databaseUrl: { secure: "encrypted" }, databasePort: 6543 };
    assertOpen(changes, everywhere("backend", 6543), ["backend → postgres:5432"]);
  });

  it("follow the port of an OpenAI-compatible server", () => {
    assertOpen(
      { openaiBaseUrl: "http://ollama.example.com:11434/v1" },
      everywhere("backend", 11434),
      everywhere("backend", 443),
    );
  });

  it("let the back end out to more ports", () => {
    assertOpen({ backendEgressPorts: [80] }, everywhere("backend", 80));
  });

  it("let the front end out to a back end elsewhere, and to more ports", () => {
    assertOpen({ backendUrl: "https://api.example.com" }, everywhere("frontend", 443));
    assertOpen({ frontendEgressPorts: [80] }, everywhere("frontend", 80));
  });

  it("let anyone reach a back end that browsers call", () => {
    const changes = {
      backendExpose: "nodePort",
      backendPublicUrl: "http://127.0.0.1:30800",
      publicUrl: "http://127.0.0.1:30300",
    };
    assertOpen(
      changes,
      ["dns", "neighbour", "prometheus", "outside"].map((from) => `${from} → backend:8000`),
    );
  });

  it("let the front end and the back end reach an MCP server of its own", () => {
    assertOpen({ mcpMode: "separate" }, [
      "frontend → mcp:8001",
      "backend → mcp:8001",
      "mcp → postgres:5432",
    ]);
  });

  it("let metrics be read from one namespace", () => {
    assertOpen({ metricsNamespace: "monitoring" }, ["prometheus → backend:8000"]);
  });

  it("let kagent reach the tools, wherever they are served", () => {
    const kagent = {
      kagent: true,
      kagentNamespace: "monitoring",
      openaiApiKey: { secure: "encrypted" },
      kagentMcpToken: { secure: "encrypted" },
    };
    assertOpen(kagent, ["prometheus → backend:8000"]);
    assert.ok(open({ ...kagent, mcpMode: "separate" }).includes("prometheus → mcp:8001"));
  });

  it("let labelled jobs reach the database", () => {
    assertOpen({ databaseClients: true }, ["job → postgres:5432"]);
  });

  it("take other name servers", () => {
    assertOpen(
      { dnsNamespace: "", dnsPort: 53 },
      inside.flatMap((from) => everywhere(from, 53)),
    );
    assertOpen(
      { dnsCidrs: ["169.254.20.10/32"] },
      inside.map((from) => `${from} → outside:53`),
    );
  });

  it("are absent where they are switched off", () => {
    assert.equal(
      manifestArgs(stackConfig({ networkPolicies: false }), references).network,
      undefined,
    );
  });
});
