import { parseStackFile, readStackFile } from "../../config/stack-file";
import { buildImage } from "../../images/build";
import { imageSources } from "../../stack/images";
import type { Project } from "../../tests/live/support/project";
import { pipe } from "../sandbox/process";
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
    const load = [
      "docker",
      "exec",
      "-i",
      node,
      "ctr",
      "-n",
      "k8s.io",
      "images",
      "import",
      "-",
    ] as const;
    await pipe(["docker", "save", reference], load);
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
