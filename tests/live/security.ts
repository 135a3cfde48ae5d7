import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

import type { Cluster } from "./support/cluster";
import type { Project } from "./support/project";
import { rawRequest, statuses } from "./support/raw-http";
import { User } from "./support/user";

/** What the checks look at; made by the test that deployed it. */
export interface Target {
  url: string;
  cluster: Cluster;
  project: Project;
}

/** Somebody who means ill, in front of the deployed stack: at its port, in its pods, in what it leaves behind. */
export function attacks(target: () => Target): void {
  describe("attacks from outside", () => {
    it("gives pages a strict content security policy, another nonce each time", async () => {
      const policy = async (): Promise<string> => {
        const response = await fetch(new URL("/sign-in", target().url));
        assert.equal(response.headers.get("x-powered-by"), null);
        assert.equal(response.headers.get("x-content-type-options"), "nosniff");
        return response.headers.get("content-security-policy") ?? "";
      };
      const [one, two] = [await policy(), await policy()];
      const scripts = /script-src ([^;]*)/.exec(one)?.[1] ?? "";
      assert.match(scripts, /'nonce-[^']{16,}'/);
      assert.doesNotMatch(scripts, /unsafe-inline|unsafe-eval|\*/);
      for (const directive of ["frame-ancestors 'none'", "base-uri", "form-action"]) {
        assert.ok(one.includes(directive), `${directive} is missing from ${one}`);
      }
      assert.notEqual(one, two, "the nonce is always the same");
    });

    it("keeps the session where scripts and other sites cannot have it", async () => {
      const { url } = target();
      const answer = await post(url, "/session", { mode: "sign-up", ...somebody() });
      assert.ok(answer.ok, await answer.clone().text());
      const [cookie = ""] = answer.headers.getSetCookie();
      assert.match(cookie, /HttpOnly/i);
      assert.match(cookie, /SameSite=(Lax|Strict)/i);
      assert.match(cookie, /Path=\//i);
      assert.doesNotMatch(cookie, /Domain=/i);
      assert.doesNotMatch(await answer.text(), /eyJ/, "the token is in the body too");
    });

    it("refuses requests that another site's page makes", async () => {
      const { url } = target();
      const foreign = ["http://evil.example", "null", undefined];
      for (const origin of foreign) {
        const answer = await post(
          url,
          "/session",
          { mode: "sign-up", ...somebody() },
          origin ?? "",
        );
        assert.equal(answer.status, 403, `origin ${origin}`);
        assert.deepEqual(answer.headers.getSetCookie(), []);
      }
    });

    it("forwards to one place only, whatever the path says", async () => {
      const { url } = target();
      const paths = [
        "/api/../metrics",
        "/api/%2e%2e/metrics",
        "/api/..%2f..%2fopenapi.json",
        "/api//evil.example/tasks",
        "/api/x@evil.example/tasks",
        "/api/\\evil.example/tasks",
        "/api/x/tasks/..;/..;/metrics",
        "/api/metrics",
        "/api/health",
        "/metrics",
        "/openapi.json",
        "/docs",
      ];
      for (const attempt of paths) {
        const answer = await rawRequest(
          url,
          `GET ${attempt} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n\r\n`,
        );
        const [status = 0] = statuses(answer);
        assert.ok(status >= 300 && status < 500, `${attempt}: ${answer.slice(0, 200)}`);
        assert.doesNotMatch(answer, /http_requests_total|"openapi"|swagger/i, attempt);
      }
      // As to a proxy: a server that follows it can be sent anywhere.
      const proxied = await rawRequest(
        url,
        "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\n\r\n",
      );
      assert.doesNotMatch(proxied, /ami-id|instance-id/);
    });

    it("never takes one request for two", async () => {
      const { url } = target();
      const { host } = new URL(url);
      const hidden = `GET /smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
      const start = `POST /session HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${url}\r\nContent-Type: application/json\r\n`;
      const attempts: Record<string, string> = {
        "length and chunks": `${start}Content-Length: ${5 + hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
        "two lengths": `${start}Content-Length: 2\r\nContent-Length: ${2 + hidden.length}\r\n\r\n{}${hidden}`,
        "a space before the colon": `${start}Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
        "an unknown coding": `${start}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
        "a folded header": `${start}Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
      };
      for (const [name, bytes] of Object.entries(attempts)) {
        const found = statuses(await rawRequest(url, bytes));
        assert.ok(found.length <= 1, `${name}: answered ${found.join(", ")}`);
        assert.ok(
          found.every((status) => status >= 400 && status < 500),
          `${name}: ${found.join(", ")}`,
        );
      }
    });

    it("shows nobody another one's tasks, and changes none", async () => {
      const { url } = target();
      const [owner, stranger] = [new User(url), new User(url)];
      await owner.signUp();
      await stranger.signUp();
      const task = await owner.addTask("mine alone");
      const attempts = await stranger.tryEverythingOn(owner, task.id);
      for (const [what, status] of attempts) {
        assert.ok([401, 403, 404].includes(status), `${what} answered ${status}`);
      }
      assert.deepEqual(
        (await owner.tasks()).map(({ id, title, completed }) => ({ id, title, completed })),
        [{ id: task.id, title: "mine alone", completed: false }],
      );
    });

    it("counts wrong passwords over all pods, and then refuses the right one too", async () => {
      const { url } = target();
      const victim = new User(url);
      await victim.signUp();
      const found: number[] = [];
      for (let tries = 0; tries < 12; tries++) {
        const wrong = { mode: "sign-in", email: victim.email, password: "not the password" };
        found.push((await post(url, "/session", wrong)).status);
      }
      assert.ok(
        found.slice(0, 10).every((status) => status === 401),
        found.join(" "),
      );
      assert.equal(found.at(-1), 429, found.join(" "));
      const right = { mode: "sign-in", email: victim.email, password: victim.password };
      const answer = await post(url, "/session", right);
      assert.equal(answer.status, 429);
      assert.ok(Number(answer.headers.get("retry-after")) > 0);
    });

    it("asks for a token at /mcp, and takes no cookie for one", async () => {
      const { url } = target();
      const user = new User(url);
      await user.signUp();
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
      for (const headers of [{}, { cookie: user.cookies }]) {
        const answer = await fetch(new URL("/mcp", url), {
          method: "POST",
          body,
          headers: {
            "content-type": "application/json",
            accept: "application/json, text/event-stream",
            ...headers,
          },
        });
        assert.equal(answer.status, 401, await answer.text());
      }
    });
  });

  describe("from inside a pod", () => {
    for (const app of ["backend", "frontend", "postgres"]) {
      it(`${app}: no root, no writing, no key to the cluster`, async () => {
        const { cluster } = target();
        const [pod] = await cluster.servingPods(app);
        assert.ok(pod);
        const inside = async (command: string): Promise<string> =>
          cluster.kubectl("exec", pod.metadata.name, "-c", app, "--", "sh", "-c", command);
        assert.notEqual((await inside("id -u")).trim(), "0");
        assert.match(await inside("touch /here 2>&1; true"), /Read-only file system/);
        assert.match(
          await inside("ls /var/run/secrets/kubernetes.io/serviceaccount 2>&1; true"),
          /No such file/,
        );
        const status = await inside("cat /proc/self/status");
        assert.match(status, /CapEff:\s*0+\n/);
        assert.match(status, /NoNewPrivs:\s*1/);
        assert.match(status, /Seccomp:\s*2/);
      });
    }

    it("lets nobody start a privileged pod in the namespace", async () => {
      const { cluster } = target();
      const overrides = JSON.stringify({
        spec: { containers: [{ name: "x", image: "x", securityContext: { privileged: true } }] },
      });
      await assert.rejects(
        cluster.kubectl("run", "x", "--image=x", "--dry-run=server", `--overrides=${overrides}`),
        /violates PodSecurity/,
      );
    });
  });

  describe("what it leaves behind", () => {
    it("has no secret in descriptions, logs, process lists, images or files", async () => {
      const { cluster, project } = target();
      const secrets = await secretValues(cluster);
      assert.ok(secrets.length >= 3, "there is nothing to look for");
      const places: Record<string, string> = {
        "kubectl describe": await cluster.kubectl("describe", "all,configmap,pvc,hpa"),
        "the objects": await cluster.kubectl("get", "all,configmap,pvc,hpa", "-o", "yaml"),
        "the events": await cluster.kubectl("get", "events", "-o", "yaml"),
        "this machine's processes": execFileSync("ps", ["-ewwo", "args"], { encoding: "utf8" }),
      };
      const images = new Set<string>();
      for (const app of ["backend", "frontend", "postgres"]) {
        for (const { metadata, spec } of await cluster.servingPods(app)) {
          const { name } = metadata;
          places[`the log of ${name}`] = await cluster.kubectl("logs", name, "--all-containers");
          places[`the processes of ${name}`] = await cluster.kubectl(
            ...["exec", name, "--", "sh", "-c"],
            "cat /proc/[0-9]*/cmdline | tr '\\0' ' '",
          );
          for (const { image } of spec.containers) images.add(image);
        }
      }
      for (const image of images) {
        places[`the image ${image}`] =
          execFileSync("docker", ["inspect", image], { encoding: "utf8" }) +
          execFileSync("docker", ["history", "--no-trunc", image], { encoding: "utf8" });
      }
      for (const file of filesBelow(project.path(".stack", "pulumi"))) {
        places[path.relative(project.folder, file)] = readFileSync(file, "latin1");
      }
      places["Pulumi.local.yaml"] = readFileSync(project.path("Pulumi.local.yaml"), "utf8");
      for (const [place, text] of Object.entries(places)) {
        for (const { name, value } of secrets) {
          assert.ok(!text.includes(value), `${name} is in ${place}`);
        }
      }
    });
  });
}

function somebody(): { email: string; password: string } {
  const { email, password } = new User("http://unused.invalid");
  return { email, password };
}

function post(url: string, where: string, body: unknown, origin = url): Promise<Response> {
  return fetch(new URL(where, url), {
    method: "POST",
    headers: { "content-type": "application/json", ...(origin === "" ? {} : { origin }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
}

/** Every value of every Secret that is long enough to be told from an ordinary word, and its parts. */
async function secretValues(cluster: Cluster): Promise<{ name: string; value: string }[]> {
  const list = JSON.parse(await cluster.kubectl("get", "secrets", "-o", "json")) as {
    items: { metadata: { name: string }; data?: Record<string, string> }[];
  };
  return list.items.flatMap(({ metadata, data = {} }) =>
    Object.entries(data)
      .map(([key, value]) => ({
        name: `${metadata.name}/${key}`,
        value: Buffer.from(value, "base64").toString("utf8"),
      }))
      .filter(({ value }) => value.length >= 12),
  );
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
