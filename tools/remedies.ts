/** What to do about failures that many users meet, by what the tool said. The first match counts. */
const REMEDIES: { tool: RegExp; says: RegExp; remedy: string }[] = [
  {
    tool: /^docker/,
    says: /^was not found/,
    remedy: "Install Docker and run this again; `npm run doctor` shows what else is needed.",
  },
  {
    tool: /^kubectl/,
    says: /^was not found/,
    remedy: "Install kubectl and run this again; `npm run doctor` shows what else is needed.",
  },
  {
    tool: /^minikube/,
    says: /^was not found/,
    remedy: "Install Minikube, or choose another way: pulumi config set imageLoader registry",
  },
  {
    tool: /./,
    says: /Cannot connect to the Docker daemon|failed to connect to any docker daemon|docker daemon is not running|error during connect/i,
    remedy: "Start Docker and run this again. Another daemon is chosen with DOCKER_HOST.",
  },
  {
    tool: /./,
    says: /permission denied.*docker\.sock|docker\.sock.*permission denied/is,
    remedy: "Your user may not use Docker. Add it to the group `docker` and log in again.",
  },
  {
    tool: /./,
    says: /no space left on device|ENOSPC/i,
    remedy:
      "A disk is full, on this machine or in the node. `docker system df` shows what Docker uses, " +
      "`docker system prune` removes what nothing needs; then run this again.",
  },
  {
    tool: /./,
    says: /toomanyrequests|pull rate limit/i,
    remedy:
      "Docker Hub limits anonymous pulls. Log in with `docker login`, wait, or take the base images " +
      "from a mirror: pulumi config set nodeImage … and pythonImage …",
  },
  {
    tool: /^kubectl/,
    says: /context .* does not exist|no context exists/i,
    remedy:
      "`kubectl config get-contexts` lists the clusters; choose one: pulumi config set kubernetes:context NAME",
  },
  {
    tool: /^kubectl/,
    says: /Unable to connect to the server|connection .* was refused|i\/o timeout|took longer/i,
    remedy: "Start the cluster (`minikube start`, or `npm start` does it) and run this again.",
  },
  {
    tool: /^docker push|^docker manifest/,
    says: /unauthorized|authentication required|denied|no basic auth/i,
    remedy: "Log in to the registry with `docker login` and run this again.",
  },
];

/** A sentence for the user, or undefined where the tool's own words have to do. */
export function remedyFor(command: string, output: string): string | undefined {
  return REMEDIES.find(({ tool, says }) => tool.test(command) && says.test(output))?.remedy;
}
