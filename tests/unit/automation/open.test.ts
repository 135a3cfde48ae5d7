import assert from "node:assert/strict";
import * as path from "node:path";

import { openStack, preview } from "../../../automation";
import { Tools } from "../fixtures/tools";

/** A backend without the stack `stagin`, and with `staging`. */
const answers = {
  version: "echo v3.259.0",
  "stack\\ select*stagin\\ *": `echo "error: no stack named 'stagin' found" >&2; exit 255`,
  "stack\\ output*": `echo '{"url":"http://here.test"}'`,
  "stack\\ history*": "echo '[]'",
  "*": ":",
};

describe("a stack of the library", () => {
  let tools: Tools;
  beforeEach(() => {
    tools = new Tools({ pulumi: answers });
  });
  afterEach(() => {
    tools.dispose();
  });

  const cli = (): { file: string; version: string } => ({
    file: path.join((process.env.PATH ?? "").split(":")[0] ?? "", "pulumi"),
    version: "3.259.0",
  });

  it("is not made by looking at one that is not there", async () => {
    const options = { stack: "stagin", pulumi: cli(), environment: {} };
    await assert.rejects(preview(options), /no stack named 'stagin'/);
    assert.deepEqual(
      tools.calls().filter((call) => /stack init/.test(call)),
      [],
    );
    await openStack({ ...options, stack: "stagin", create: true });
    assert.equal(tools.calls().filter((call) => /stack init/.test(call)).length, 1);
  });

  it("answers with its real outputs when it is asked for them", async () => {
    const { stack } = await openStack({ stack: "staging", pulumi: cli(), environment: {} });
    const outputs = await stack.outputs();
    assert.equal(outputs["url"]?.value, "http://here.test");
  });
});
