import assert from "node:assert/strict";

import { DaemonClient } from "../../../tools/docker-api";
import { Tools } from "../fixtures/tools";

describe("a connection to the daemon", () => {
  it("gives all that was said before it was closed at the other end", async () => {
    const size = 3_000_000;
    const answer = `printf 'HTTP/1.1 200 OK\\r\\nContent-Length: ${size}\\r\\n\\r\\n'`;
    // Its input is closed at once, its output when all is read.
    const tools = new Tools({
      docker: {
        "*dial-stdio*": `exec <&-; ${answer}; head -c ${size} /dev/zero | tr '\\0' x`,
      },
    });
    try {
      for (let turn = 0; turn < 5; turn++) {
        const daemon = new DaemonClient(AbortSignal.timeout(10_000));
        const { status, message } = await daemon.ask("GET", "/images/json");
        daemon.close();
        assert.deepEqual([status, message.length], [200, size]);
      }
    } finally {
      tools.dispose();
    }
  });
});
