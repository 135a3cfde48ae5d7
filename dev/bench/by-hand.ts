import { spawn } from "node:child_process";

import { parseStackFile, readStackFile } from "../../config/stack-file";
import { buildImage } from "../../images/build";
import { imageSources } from "../../stack/images";
import type { Project } from "../../tests/live/support/project";
import { kubectl, type Place } from "./edit";

/**
 * What somebody without this program types: build, pipe the whole image into the node, set the image, wait. The build is the
 * same (the daemon's BuildKit, warm cache), so that only the rest differs.
 */
export async function byHand(project: Project, at: Place): Promise<void> {
  const config = parseStackFile(readStackFile("local", project.folder));
  const { reference } = await buildImage(imageSources(config).backend, {
    root: project.folder,
    log: () => undefined,
  });
  const nodes = (
    await kubectl(at, "get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")
  ).split(" ");
  for (const node of nodes) {
    await shell(
      `docker save '${reference}' | docker exec -i '${node}' ctr -n k8s.io images import - >/dev/null`,
    );
  }
  await kubectl(
    at,
    "set",
    "image",
    "deployment/backend",
    `backend=${reference}`,
    `backend-migrate=${reference}`,
  );
  await kubectl(at, "rollout", "status", "deployment/backend", "--timeout=180s");
}

function shell(command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-o", "pipefail", "-c", command], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${code}`));
    });
  });
}
