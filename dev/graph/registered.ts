/**
 * The stack's resources and what depends on what, from the program itself: it runs under Pulumi's mocks, without
 * engine, cluster, Docker or secret.
 */
import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime";
import { createRequire } from "node:module";
import * as path from "node:path";
import { readStackFile } from "../../config/stack-file";

export interface Resource {
  urn: string;
  /** `kubernetes:apps/v1:Deployment`, `todo-app:index:Backend`. */
  type: string;
  name: string;
  /** URN of the component that it belongs to; the stack's for the components themselves. */
  parent: string;
  /** URNs of what must be there before it. */
  dependsOn: string[];
}

interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getDependenciesList(): string[];
}

interface Monitor {
  registerResource: (
    request: Request,
    done: (error: unknown, response?: { getUrn(): string }) => void,
  ) => unknown;
  registerErrorHook: (request: unknown, done: (error: null, answer: object) => void) => void;
  registerResourceHook: Monitor["registerErrorHook"];
}

/** Writes down every registration on its way to the mocks, which tell too little of it themselves. */
function watch(resources: Resource[]): void {
  const monitor = getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) =>
    register(request, (error, response) => {
      if (response !== undefined) {
        resources.push({
          urn: response.getUrn(),
          type: request.getType(),
          name: request.getName(),
          parent: request.getParent(),
          dependsOn: request.getDependenciesList(),
        });
      }
      done(error, response);
    });
  // The mocks say that they take hooks, and then wait for ever for an answer.
  monitor.registerErrorHook = (_request, done) => {
    done(null, {});
  };
  monitor.registerResourceHook = monitor.registerErrorHook;
}

/** What the program needs to read from a made resource. */
function found(type: string, name: string): object {
  if (type === "random:index/randomPassword:RandomPassword") return { result: name };
  return type === "pulumi-nodejs:dynamic/image:Load" ? { digest: "sha256:0" } : {};
}

/** Runs index.ts once with a stack's configuration; in a process of its own, since a program cannot run twice. */
export async function registeredResources(stack: string, root: string): Promise<Resource[]> {
  const resources: Resource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: name,
        state: { ...(inputs as object), ...found(type, name) },
      }),
      call: () => ({}),
    },
    "todo-app",
    stack,
    false,
  );
  watch(resources);
  const { values, context } = readStackFile(stack, root);
  const asText = Object.entries(values).map(([key, value]): [string, string] => [
    `todo-app:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig({
    ...Object.fromEntries(asText),
    "kubernetes:context": context ?? "",
  });
  process.chdir(root);
  createRequire(__filename)(path.join(root, "index.ts"));
  await pulumi.runtime.disconnect();
  return resources;
}
