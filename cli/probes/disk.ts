/** Room on the disk that holds the project and, on Linux, Docker's images. */
import * as fs from "node:fs";
import { root } from "../../tools/paths";
import { megabytes } from "../terminal";
import type { Finding } from "./finding";

/** Both images with their build stages and base images: 2.6 GB measured; below this a build fails halfway. */
const LEAST_MB = 4 * 1024;
/** The layers of one image that change with its sources, its archive on the way into a node, and a margin. */
const LEAST_AGAIN_MB = 512;

/** Free MiB on the disk of a folder, as a normal user sees it. */
export function freeMegabytes(folder: string): number {
  const { bavail, bsize } = fs.statfsSync(folder);
  return Math.floor((bavail * bsize) / (1024 * 1024));
}

/**
 * @param hasBuilt whether the images have been built here before: then most of it is there already
 * @param free MiB
 */
export function probeDisk(hasBuilt: boolean, free = freeForImages()): Finding {
  const finding = { tool: "Disk", found: `${megabytes(free)} free`, version: "" };
  if (free >= LEAST_MB) return { ...finding, level: "fine" };
  const remedy = "docker system prune (removes what no container uses), or make room otherwise";
  if (hasBuilt && free >= LEAST_AGAIN_MB) {
    const problem = `little for a build of everything (${megabytes(LEAST_MB)})`;
    return { ...finding, problem, remedy, level: "optional" };
  }
  const least = hasBuilt ? LEAST_AGAIN_MB : LEAST_MB;
  return {
    ...finding,
    problem: `${megabytes(least)} are needed for images and their build cache`,
    remedy,
    level: "missing",
  };
}

function freeForImages(): number {
  const dockers = "/var/lib/docker";
  const folder = process.platform === "linux" && fs.existsSync(dockers) ? dockers : root;
  return Math.min(freeMegabytes(root), freeMegabytes(folder));
}
