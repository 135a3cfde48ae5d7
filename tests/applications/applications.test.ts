import assert from "node:assert/strict";
import { chromium } from "playwright-core";

import { installedPulumi } from "../../tools/pulumi";
import { file, grpc, ownDatabase } from "../fixtures/applications/stacks";
import { Applications, post } from "../live/support/applications";
import { hasBrowser } from "../live/support/browser";

/** Two that the sandbox publishes, for the page and for an API that browsers call. */
const nodePort = Number(process.env.TODO_APPLICATIONS_NODE_PORT ?? 30300);
const apiNodePort = nodePort + 1;

for (const engine of ["pulumi", "kubectl"] as const) {
  describe(`other people's applications, deployed by ${engine}`, function () {
    this.timeout(10 * 60_000);
    let deployed: Applications | undefined;

    before(async function () {
      if (engine === "pulumi" && (await installedPulumi()) === undefined) this.skip();
    });

    afterEach(async () => {
      await deployed?.remove();
      await deployed?.gone();
      deployed = undefined;
    });

    const deploy = async (values: Record<string, unknown>): Promise<Applications> => {
      const namespace = `applications-${engine}`;
      deployed = await Applications.deploy({ ...values, namespace, nodePort }, engine);
      return deployed;
    };

    it("share a database by different drivers, and call an MCP server of another image", async () => {
      const stack = await deploy(ownDatabase);
      assert.match(await stack.enter("Ada"), /<li>Ada<\/li>/);
      await stack.inside("frontend", "node", "-e", post("http://backend:9000/items", "milk"));
      assert.match(await stack.page("/items"), /<li>milk<\/li>/);
      const asked = post("http://mcp:9001/tools", '{"id":1,"method":"tools/list"}');
      assert.match(await stack.inside("frontend", "node", "-e", asked), /What time it is/);
    });

    it("speak gRPC, and find the database by libpq's variables", async () => {
      const stack = await deploy(grpc);
      assert.match(await stack.enter("Bob"), /<li>Bob<\/li>/);
      const rows = await stack.cluster.kubectl(
        ...["exec", "postgres-0", "-c", "postgres", "--"],
        ...["psql", "-U", "todo", "-d", "todo", "-tAc", "SELECT count(*) FROM start"],
      );
      assert.ok(Number(rows) >= 1, rows);
    });

    it("let browsers call an API whose rows, in a file, outlive its pod", async function () {
      if (!hasBrowser()) this.skip();
      const stack = await deploy(file(nodePort, apiNodePort));
      const titles = await inBrowser([stack.url, `http://localhost:${nodePort}`]);
      assert.deepEqual(titles.at(-1), ["bread", "bread"]);
      await stack.cluster.kubectl("delete", "pod", "-l", "app=backend", "--grace-period=1");
      await stack.cluster.kubectl("rollout", "status", "deployment/backend");
      const items = async () => (await fetch(`http://127.0.0.1:${apiNodePort}/items`)).json();
      assert.deepEqual(await items(), ["bread", "bread"]);
      if (engine === "kubectl") return;
      // Somebody takes the volume away, and back: nothing that was kept is gone.
      const inMemory = { "backendEnv.DATABASE_URL": "sqlite:///:memory:", backendVolumePath: "" };
      await stack.change(inMemory);
      const { backendEnv: before, backendVolumePath } = file(nodePort, apiNodePort);
      await stack.change({ "backendEnv.DATABASE_URL": before.DATABASE_URL, backendVolumePath });
      assert.deepEqual(await items(), ["bread", "bread"]);
    });
  });
}

/** Adds a title at each address of the page; the list that is there each time. */
async function inBrowser(urls: readonly string[]): Promise<string[][]> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const lists: string[][] = [];
    for (const [index, url] of urls.entries()) {
      const page = await browser.newPage();
      await page.goto(url);
      await page.getByLabel("Title").fill("bread");
      await page.getByRole("button").click();
      await page.locator("#items li").nth(index).waitFor();
      lists.push(await page.locator("#items li").allTextContents());
    }
    return lists;
  } finally {
    await browser.close();
  }
}
