/** The row about Docker. */
import { compareVersions } from "../../tools/versions";
import type { DockerFacts } from "../../tools/docker";
import { startDocker } from "../../tools/known-errors";
import { megabytes } from "../terminal";
import type { Finding } from "./finding";

/** BuildKit's own API, which builds go through, is complete from this engine on. */
const LEAST_ENGINE = "20.10.0";

export function dockerFinding(facts: DockerFacts | undefined): Finding {
  const tool = "Docker";
  const get = "https://docs.docker.com/get-docker/, or your system's packages (docker.io)";
  if (facts === undefined) {
    const problem = "no docker program on PATH";
    return { tool, found: "", version: "", problem, remedy: get, level: "missing" };
  }
  if (facts.isPodman === true) {
    return {
      tool,
      found: "podman, under the name of docker",
      version: facts.client,
      problem: "builds go through the API of Docker's own engine, which podman does not have",
      remedy: `${get}; or a cluster and images of your own: pulumi config set imageLoader none`,
      level: "missing",
    };
  }
  const found = `context ${facts.context}`;
  if (facts.daemon === undefined) {
    const permission = /permission denied/i.test(facts.error ?? "");
    return {
      tool,
      found,
      version: facts.client,
      problem: permission ? "this user may not use the daemon" : "no daemon answers",
      remedy: permission ? "sudo usermod -aG docker $USER, then log in again" : startDocker(),
      level: "missing",
    };
  }
  const { version, cpus, memoryMb } = facts.daemon;
  const size = `${found}, ${cpus} CPUs, ${megabytes(memoryMb)}`;
  if (compareVersions(version, LEAST_ENGINE) < 0) {
    const problem = `engine too old: ${LEAST_ENGINE} or newer is needed`;
    return { tool, found: size, version, problem, remedy: get, level: "missing" };
  }
  return { tool, found: size, version, level: "fine" };
}
