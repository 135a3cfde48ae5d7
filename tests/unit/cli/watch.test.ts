import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { watchSources } from "../../../cli/watch";
import type { ImageSource } from "../../../images/source";

/** Inotify watches of this process. */
function watches(): number {
  const folder = "/proc/self/fdinfo";
  return fs
    .readdirSync(folder)
    .flatMap((descriptor) => {
      try {
        return fs.readFileSync(path.join(folder, descriptor), "utf8").split("\n");
      } catch {
        return []; // the descriptor of this very listing
      }
    })
    .filter((line) => line.startsWith("inotify wd:")).length;
}

describe("watching the sources", function () {
  this.timeout(20_000);
  let folder: string;

  const write = (file: string, text = "x"): void => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  };

  const source: ImageSource = {
    ...{ label: "frontend", repository: "shop", platform: "linux/amd64", buildArgs: {} },
    ...{ context: "shop", dockerfile: "docker/shop.Dockerfile" },
  };

  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "todo-watch-")));
    write("shop/src/page.ts");
    write("docker/shop.Dockerfile", "FROM scratch\n");
    write("docker/shop.Dockerfile.dockerignore", "node_modules\n*.log\n");
    for (let index = 0; index < 300; index += 1) write(`shop/node_modules/p${index}/index.js`);
    write("other/file");
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it("tells of what would change the image, wherever its folder is, and of nothing else", async () => {
    const before = process.platform === "linux" ? watches() : 0;
    let edits = 0;
    let told: () => void = () => undefined;
    const watcher = await watchSources(
      [source],
      [path.join(folder, "Pulumi.local.yaml")],
      () => {
        edits += 1;
        told();
      },
      { folder },
    );
    try {
      if (process.platform === "linux") assert.ok(watches() - before < 30, String(watches()));
      write("shop/node_modules/p1/index.js", "changed");
      write("shop/debug.log", "changed");
      write("other/file", "changed");
      for (const file of ["shop/src/page.ts", "shop/src/new/deep.ts", "docker/shop.Dockerfile"]) {
        const known = edits;
        const next = new Promise<void>((resolve) => (told = resolve));
        write(file, `changed ${file}`);
        await next;
        assert.ok(edits > known, file);
      }
    } finally {
      await watcher.close();
    }
  });
});
