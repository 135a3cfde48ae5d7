/** Room on the disk that holds the project and, on Linux, Docker's images. */
import * as fs from "node:fs";
import { root } from "../../tools/paths";
import { megabytes } from "../terminal";
import type { Finding } from "./finding";

/** Both images with their build stages and base images: 2.6 GB measured; below this a build fails halfway. */
const LEAST_MB = 4 * 1024;

/** Free MiB on the disk of a folder, as a normal user sees it. */
export function freeMegabytes(folder: string): number {
  const { bavail, bsize } = fs.statfsSync(folder);
  return Math.floor((bavail * bsize) / (1024 * 1024));
}

export function probeDisk(): Finding {
  const dockers = "/var/lib/docker";
  const folder = process.platform === "linux" && fs.existsSync(dockers) ? dockers : root;
  const free = Math.min(freeMegabytes(root), freeMegabytes(folder));
  const finding = { tool: "Disk", found: `${megabytes(free)} free`, version: "" };
  if (free >= LEAST_MB) return { ...finding, level: "fine" };
  return {
    ...finding,
    problem: `${megabytes(LEAST_MB)} are needed for images and their build cache`,
    remedy: "docker system prune (removes what no container uses), or make room otherwise",
    level: "missing",
  };
}
