import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { parse } from "yaml";

interface Kubeconfig {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

/** The API server by one open connection for each question at a time: a kubectl for each would take the CPUs that are measured. */
export class ApiServer {
  private readonly agent: Agent;
  private readonly server: string;

  /** @param kubeconfig of one cluster and one user with a certificate, as the sandbox's is */
  constructor(kubeconfig: string) {
    const { clusters, users } = parse(readFileSync(kubeconfig, "utf8")) as Kubeconfig;
    const [{ cluster } = { cluster: undefined }] = clusters;
    const [{ user } = { user: undefined }] = users;
    if (cluster === undefined || user === undefined) throw new Error(`${kubeconfig} is empty.`);
    const data = (text: string) => Buffer.from(text, "base64");
    this.server = cluster.server;
    this.agent = new Agent({
      keepAlive: true,
      ca: data(cluster["certificate-authority-data"]),
      cert: data(user["client-certificate-data"]),
      key: data(user["client-key-data"]),
    });
  }

  /** The answer's body; empty where there is none, or another status than 200. */
  get(path: string): Promise<string> {
    return new Promise((resolve) => {
      const asked = request(
        new URL(path, this.server),
        { agent: this.agent, timeout: 2000 },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.on("end", () => {
            resolve(response.statusCode === 200 ? body : "");
          });
          response.on("error", () => {
            resolve("");
          });
        },
      );
      asked.on("timeout", () => asked.destroy());
      asked.on("error", () => {
        resolve("");
      });
      asked.end();
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
