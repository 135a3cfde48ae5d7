import assert from "node:assert/strict";

import { ownDatabase } from "../fixtures/applications/stacks";
import { Applications, post } from "./support/applications";

/** One that the sandbox publishes. */
const nodePort = 30301;

/** The others are in tests/applications, by each engine. */
describe("other people's applications", function () {
  this.timeout(10 * 60_000);
  let applications: Applications | undefined;

  after(async () => {
    await applications?.remove();
  });

  it("run by configuration alone: a database of both ends, other drivers, hosts, ports and an MCP server's image", async () => {
    applications = await Applications.deploy({
      ...ownDatabase,
      namespace: "todo-applications",
      nodePort: Number(process.env.TODO_LIVE_NODE_PORT ?? nodePort),
    });
    assert.match(await applications.enter("Ada"), /<li>Ada<\/li>/);
    await applications.inside("frontend", "node", "-e", post("http://backend:9000/items", "milk"));
    assert.match(await applications.page("/items"), /<li>milk<\/li>/);
    const asked = post("http://mcp:9001/tools", '{"id":1,"method":"tools/list"}');
    assert.match(await applications.inside("frontend", "node", "-e", asked), /What time it is/);
  });
});
