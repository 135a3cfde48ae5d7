import type { Cluster, Pod } from "../../live/support/cluster";

/** Who tries to reach whom. `stranger` is in the stack's namespace, `outsider` in another one. */
export type Place = "frontend" | "backend" | "database" | "stranger" | "outsider";

export interface Target {
  name: string;
  address: string;
  port: number;
}

/** What came of one attempt to connect. */
export type Outcome = "connects" | "times out" | "is refused";

const seconds = 3;

/** One way to open a TCP connection for each image, with what is in it. */
const attempts: Record<"node" | "python" | "bash", (target: Target) => string[]> = {
  node: ({ address, port }) => [
    "node",
    "-e",
    `const s=require("net").connect(${port},"${address}");` +
      `setTimeout(()=>{console.log("times out");process.exit()},${seconds * 1000});` +
      `s.on("connect",()=>{console.log("connects");process.exit()});` +
      `s.on("error",(e)=>{console.log(e.code==="ECONNREFUSED"?"is refused":"times out "+e.code);process.exit()})`,
  ],
  python: ({ address, port }) => [
    "python",
    "-c",
    `import socket\ntry:\n  socket.create_connection(("${address}",${port}),${seconds}).close()\n  print("connects")\n` +
      `except TimeoutError:\n  print("times out")\nexcept ConnectionRefusedError:\n  print("is refused")`,
  ],
  bash: ({ address, port }) => [
    "bash",
    "-c",
    `timeout ${seconds} bash -c '</dev/tcp/${address}/${port}' 2>/dev/null; ` +
      `case $? in 0) echo connects;; 124) echo times out;; *) echo is refused;; esac`,
  ],
};

const tools: Record<Place, keyof typeof attempts> = {
  frontend: "node",
  backend: "python",
  database: "bash",
  stranger: "python",
  outsider: "python",
};

/** Tries from inside a pod's own container; a node's own traffic would always be allowed. */
export async function attempt(
  cluster: Cluster,
  from: Place,
  pod: string,
  target: Target,
): Promise<Outcome> {
  const command = attempts[tools[from]](target);
  const printed = await cluster.kubectl("exec", pod, "--", ...command);
  return printed.trim() as Outcome;
}

/** A pod that listens on two ports, of an image that the nodes have, fit for Pod Security "restricted". */
export function listener(name: string, image: string): object {
  const serve =
    "import http.server,threading\n" +
    "h=http.server.SimpleHTTPRequestHandler\n" +
    "for p in (443,8080):\n" +
    "  threading.Thread(target=http.server.ThreadingHTTPServer(('',p),h).serve_forever).start()";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "listener",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["python", "-c", serve],
          resources: {
            requests: { cpu: "10m", memory: "32Mi" },
            limits: { cpu: "200m", memory: "128Mi" },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
        },
      ],
    },
  };
}

export function addressOf(pod: Pod & { status: { podIP?: string } }): string {
  return pod.status.podIP ?? "";
}
