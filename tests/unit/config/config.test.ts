import assert from "node:assert/strict";

import { ConfigError } from "../../../config/reader";
import { parseConfig } from "../../../config/stack";
import { stackConfig, stackFile } from "../fixtures/stack";

/** The one problem that a changed key causes, as the user sees it. */
function problem(changes: Record<string, unknown>, secret: string[] = []): string {
  const { values, context } = stackFile(changes);
  try {
    parseConfig(values, { context, isSecret: (key) => secret.includes(key), deploying: true });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.equal(error.problems.length, 1, error.message);
    return error.message;
  }
  return assert.fail("the configuration was accepted");
}

describe("the stack's configuration", () => {
  it("is complete with nothing set: every default is valid", () => {
    const config = stackConfig();
    assert.equal(config.frontend.nodePort, 30300);
    assert.equal(config.backend.maxReplicas, 10);
    assert.deepEqual(config.given, {
      databaseUrl: false,
      databaseDirectUrl: false,
      jwtSecret: false,
      jwtSecretPrevious: false,
      openaiApiKey: false,
      registryPassword: false,
      kagentMcpToken: false,
    });
  });

  it("names the one secret variable of a map that stands in clear, and not its value", () => {
    const backendSecretEnv = { STRIPE_KEY: "sk-live", OTHER: { secure: "v1:x" } };
    assert.throws(
      () => stackConfig({ backendSecretEnv }),
      ({ message }: Error) =>
        message.includes("backendSecretEnv.STRIPE_KEY must be encrypted") &&
        !message.includes("OTHER") &&
        !message.includes("sk-live"),
    );
  });

  it("takes numbers, flags, lists and maps as text, as the engine hands them over", () => {
    const { values, context } = stackFile();
    const asText = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const source = { context, isSecret: () => false };
    assert.deepEqual(parseConfig(asText, source), parseConfig(values, source));
  });

  it("sizes the connection pools so that the most pods fit: ⌊90 / 21⌋", () => {
    assert.equal(stackConfig().database.poolSize, 4);
    assert.equal(stackConfig({ autoscaling: false }).database.poolSize, 12);
    // The back end refuses to start with more.
    const plenty = { autoscaling: false, databaseMaxConnections: 1000 };
    assert.equal(stackConfig(plenty).database.poolSize, 100);
    // ⌊90 / (21 + 5)⌋: the MCP server's two pods take part.
    assert.equal(stackConfig({ mcpMode: "separate" }).database.poolSize, 3);
  });

  const refused: [string, Record<string, unknown>, RegExp, string[]?][] = [
    [
      "a NodePort outside Kubernetes's range",
      { nodePort: 80 },
      /nodePort is 80; it must be a whole number from 30000 to 32767\n +pulumi config set nodePort 30300/,
    ],
    [
      "a port that is no number",
      { backendPort: "http" },
      /backendPort is "http"; it must be a whole number from 1 to 65535/,
    ],
    [
      "a fraction of a pod",
      { frontendReplicas: 1.5 },
      /frontendReplicas is 1.5; it must be a whole number/,
    ],
    [
      "fewer pods at most than at least",
      { minReplicas: 12 },
      /minReplicas is 12; it must be at most maxReplicas, which is 10/,
    ],
    [
      "more CPU requested than allowed",
      { backendCpuRequest: "1" },
      /backendCpuRequest is "?1"?; it must be at most backendCpuLimit, which is 500m/,
    ],
    [
      "more memory requested than allowed",
      { frontendMemoryRequest: "1Gi" },
      /frontendMemoryRequest is "?1Gi"?; it must be at most frontendMemoryLimit, which is 512Mi/,
    ],
    [
      "more pods at first than at most",
      { backendReplicas: 11 },
      /backendReplicas is 11; it must be at most maxReplicas/,
    ],
    [
      "a database too small for its clients",
      { databaseMaxConnections: 30 },
      /databaseMaxConnections is 30; it must be large enough .* 52 or more[\s\S]*set databaseMaxConnections 52/,
    ],
    [
      "a namespace that Kubernetes refuses",
      { namespace: "Todo_App" },
      /namespace is "Todo_App"; it must be a Kubernetes name/,
    ],
    [
      "an unknown loader",
      { imageLoader: "magic" },
      /imageLoader is "magic"; it must be one of auto, node, minikube, registry, command, none/,
    ],
    [
      "a loader command without a place for the image",
      { imageLoadCommand: "kind load" },
      /imageLoadCommand is "kind load"; it must be a command with \{image\}/,
    ],
    [
      "the loader command missing",
      { imageLoader: "command" },
      /imageLoadCommand must be set when imageLoader is command/,
    ],
    [
      "the registry missing",
      { imageLoader: "registry" },
      /registry must be set when imageLoader is registry/,
    ],
    [
      "a registry with a scheme",
      { registry: "https://ghcr.io/me" },
      /registry is .* must be a registry's host and path in lower case without https/,
    ],
    [
      "an unknown platform",
      { platform: "windows/amd64" },
      /platform is .* one of linux\/amd64, linux\/arm64/,
    ],
    [
      "a quantity in words",
      { backendMemoryLimit: "half a gig" },
      /backendMemoryLimit is .* memory such as 512Mi, with a unit/,
    ],
    [
      "memory in thousandths of a byte",
      { backendMemoryLimit: "512m" },
      /backendMemoryLimit is "512m"; it must be memory such as 512Mi/,
    ],
    [
      "CPU in bytes",
      { backendCpuRequest: "100Mi" },
      /backendCpuRequest is "100Mi"; it must be CPU such as 100m/,
    ],
    [
      "a registry's path in upper case, which no registry takes",
      { registry: "ghcr.io/Me/todo" },
      /registry is .* in lower case/,
    ],
    [
      "a password in an address that is no secret",
      { npmRegistry: "https://me:secret@npm.example.com" },
      /npmRegistry is .* without user and password/,
    ],
    [
      "secret variables in clear",
      { backendSecretEnv: { STRIPE_KEY: "sk-live" } },
      /backendSecretEnv.STRIPE_KEY must be encrypted[\s\S]*--secret --path 'backendSecretEnv.STRIPE_KEY'/,
    ],
    [
      "a size without a unit",
      { databaseStorage: "5" },
      /databaseStorage is "5"; it must be a size such as 1Gi/,
    ],
    [
      "a path that does not begin with a slash",
      { frontendLivenessPath: "health" },
      /frontendLivenessPath is "health"; it must be a path that begins with \//,
    ],
    [
      "an absolute build context",
      { backendContext: "/elsewhere" },
      /backendContext is .* a folder relative to Pulumi.yaml/,
    ],
    [
      "an image name in capitals",
      { backendImage: "Todo" },
      /backendImage is "Todo"; it must be an image name in lower case/,
    ],
    [
      "a URL without http",
      { openaiBaseUrl: "localhost:11434" },
      /openaiBaseUrl is .* an http or https URL without user and password, or empty/,
    ],
    [
      "a Service of an unknown type",
      { frontendServiceType: "ExternalName" },
      /frontendServiceType is .* one of NodePort, ClusterIP, LoadBalancer/,
    ],
    [
      "an MCP server neither here nor there",
      { mcpMode: "both" },
      /mcpMode is "both"; it must be one of embedded, separate/,
    ],
    [
      "a host name with a scheme",
      { mcpAllowedHosts: ["https://todo.example.com"] },
      /mcpAllowedHosts is .* must be a list of host names, with or without a port/,
    ],
    [
      "a host with a scheme",
      { ingressHost: "https://todo.example.com" },
      /ingressHost is .* must be a host name without https/,
    ],
    [
      "a certificate without a host",
      { ingressTlsSecret: "todo-tls" },
      /ingressHost must be set with ingressTlsSecret/,
    ],
    [
      "a stack without the database that it expects",
      { externalDatabase: true },
      /databaseUrl must be set with externalDatabase[\s\S]*pulumi config set --secret databaseUrl/,
    ],
    [
      "kagent without a key of a model",
      { kagent: true, kagentMcpToken: "todo_token" },
      /openaiApiKey must be set with kagent[\s\S]*pulumi config set --secret openaiApiKey/,
      ["kagentMcpToken"],
    ],
    [
      "an unknown API mode",
      { openaiApiMode: "telepathy" },
      /openaiApiMode is .* one of responses, chat_completions/,
    ],
    [
      "a flag that is neither",
      { autoscaling: "yes" },
      /autoscaling is "yes"; it must be true or false/,
    ],
    [
      "a list that is a word",
      { backendCommand: "uvicorn" },
      /backendCommand is "uvicorn"; it must be a list of words/,
    ],
    [
      "a relative writable path",
      { backendWritablePaths: ["tmp"] },
      /backendWritablePaths is \["tmp"\]; it must be a list of absolute paths/,
    ],
    [
      "an environment variable with a dash",
      { backendEnv: { "MY-VAR": "1" } },
      /backendEnv must be a map from names of environment variables to text/,
    ],
    [
      "root where pods are restricted",
      { backendRunAsUser: 0 },
      /backendRunAsUser is 0; it must be another user than root[\s\S]*pulumi config set podSecurity baseline/,
    ],
    [
      "two Services on one port",
      {
        backendExpose: "nodePort",
        backendPublicUrl: "http://127.0.0.1:30300",
        publicUrl: "http://127.0.0.1:30300",
        backendNodePort: 30300,
      },
      /backendNodePort is 30300; it must be another port than nodePort/,
    ],
    [
      "an exposed back end that browsers cannot find",
      { backendExpose: "nodePort", publicUrl: "http://127.0.0.1:30300" },
      /backendPublicUrl must be set with backendExpose nodePort/,
    ],
    [
      "an exposed back end that knows no origin",
      { backendExpose: "nodePort", backendPublicUrl: "http://127.0.0.1:30800" },
      /publicUrl must be set with backendExpose nodePort/,
    ],
    [
      "a port that is no port, in a list",
      { backendEgressPorts: [443, "ftp"] },
      /backendEgressPorts is \[443,"ftp"\]; it must be a list of whole numbers from 1 to 65535/,
    ],
    [
      "a name server's address without a size",
      { dnsCidrs: ["169.254.20.10"] },
      /dnsCidrs is .* must be a list of address blocks\n.*169.254.20.10\/32/,
    ],
    [
      "an unknown key, with the one that was meant",
      { nodeport: 30301 },
      /nodeport must be removed: there is no such key, did you mean nodePort\?/,
    ],
    [
      "a misspelt key, with the one that was meant",
      { bakcendReplica: 2 },
      /there is no such key, did you mean backendReplicas\?\n.*pulumi config rm bakcendReplica/,
    ],
    [
      "the beginning of a key, with one that begins so",
      { openaiBase: "http://localhost" },
      /there is no such key, did you mean openaiBaseUrl\?/,
    ],
    [
      "a key that is like no other, without a guess",
      { colour: "blue" },
      /colour must be removed: there is no such key\n/,
    ],
  ];
  for (const [what, changes, message, secrets] of refused) {
    it(`refuses ${what}`, () => {
      assert.match(problem(changes, secrets), message);
    });
  }

  it("refuses to deploy into whatever cluster is current", () => {
    const { values } = stackFile();
    assert.throws(
      () => parseConfig(values, { isSecret: () => false }),
      /kubernetes:context must be set/,
    );
  });

  it("reports every problem at once", () => {
    const { values, context } = stackFile({ nodePort: 80, minReplicas: 12, platform: "amiga" });
    assert.throws(
      () => parseConfig(values, { context, isSecret: () => false }),
      (error: unknown) => error instanceof ConfigError && error.problems.length === 3,
    );
  });

  describe("secrets", () => {
    const url = "postgresql://me:hunter2@db.example.com/todo";

    it("are refused in clear, and never repeated", () => {
      const message = problem({ databaseUrl: url });
      assert.match(
        message,
        /databaseUrl must be encrypted[\s\S]*pulumi config set --secret databaseUrl/,
      );
      assert.doesNotMatch(message, /hunter2/);
    });

    it("of the database must name the port that the policies open", () => {
      const message = problem(
        { databaseUrl: "postgresql://me:hunter2@db.example.com:6543/todo?sslmode=require" },
        ["databaseUrl"],
      );
      assert.match(
        message,
        /databasePort is 5432; it must be the port of databaseUrl[\s\S]*set databasePort 6543/,
      );
      assert.doesNotMatch(message, /hunter2/);
    });

    it("are taken encrypted", () => {
      const { values, context } = stackFile({ databaseUrl: url });
      const config = parseConfig(values, { context, isSecret: () => true });
      assert.equal(config.given.databaseUrl, true);
    });

    const unfit: [string, string, RegExp][] = [
      ["databaseUrl", "mysql://me:hunter2@db/todo", /databaseUrl must be a PostgreSQL URL/],
      ["jwtSecret", "hunter2", /jwtSecret must be 32 bytes or longer/],
      ["kagentMcpToken", "hunter2 hunter2", /kagentMcpToken must be one word/],
      ["openaiApiKey", "hunter2 hunter2", /openaiApiKey must be one word/],
    ];
    for (const [key, value, message] of unfit) {
      it(`are refused when unfit, without being repeated: ${key}`, () => {
        const text = problem({ [key]: value }, [key]);
        assert.match(text, message);
        assert.doesNotMatch(text, /hunter2/);
      });
    }
  });
});
