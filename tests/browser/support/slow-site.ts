import http from "node:http";
import type { AddressInfo } from "node:net";

/** The tested site, behind a line on which requests can be held up. */
export interface SlowSite {
  readonly url: string;
  /** Milliseconds that each request takes to arrive from now on; one that its browser ends before then never arrives. */
  delay: number;
  close(): Promise<void>;
}

/** @param site address of the running front end */
export async function slowSite(site: string): Promise<SlowSite> {
  const server = http.createServer((request, response) => {
    setTimeout(() => {
      if (response.destroyed) return;
      const { method, headers } = request;
      const onward = http.request(new URL(request.url ?? "/", site), { method, headers });
      onward.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
    }, slow.delay);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const slow: SlowSite = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delay: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return slow;
}
