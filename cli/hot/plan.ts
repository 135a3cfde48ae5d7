/** Which applications of a stack can run saved files in their pods, and how. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { StackConfig } from "../../config/stack";
import { readContext } from "../../images/context";
import type { ImageSource } from "../../images/source";
import { mcpName } from "../../manifests/names";
import type { HotChoice } from "../../stack/hot";
import { imageSources } from "../../stack/images";
import { syntaxErrors } from "./check";
import type { Content, HotFolder } from "./content";
import { nextFolder } from "./next";
import { dockerfileCommand, pythonFolder, servedModule } from "./python";

/** Pods that run the same files with the same settings. */
export interface HotApplication {
  /** The `app` label of its pods. */
  app: string;
  source: ImageSource;
  hot: HotFolder;
  /** Folder of the hot files as people name it: `backend`. */
  shown: string;
  /** The program that runs the files in the pods. */
  supervisor: Buffer;
  settings: Readonly<Record<string, unknown>>;
  /** What is wrong with files that are not even to be sent, for people; undefined where nothing is. */
  check?: (content: Content, files: readonly string[]) => Promise<string | undefined>;
}

export interface HotPlan {
  choice: HotChoice;
  applications: HotApplication[];
  /** Why an application is not among them, for people. */
  without: string[];
}

/** @throws Error in words for the user where a build's folder or Dockerfile is missing */
export function hotPlan(config: StackConfig, root: string): HotPlan {
  const sources = imageSources(config);
  const plan: HotPlan = { choice: {}, applications: [], without: [] };
  const commands = [
    { app: "backend", command: config.backend.command },
    ...(config.mcp.separate && !config.mcp.ownImage
      ? [{ app: mcpName, command: config.mcp.command }]
      : []),
  ];
  const python = commands.map(({ app, command }) =>
    pythonApplication(app, command, sources.backend, root),
  );
  if (python.every((application) => application !== undefined)) {
    plan.choice.backend = { runtime: "python" };
    plan.applications.push(...python);
  } else {
    plan.without.push("the back end is not started with `python -m MODULE` or uvicorn");
  }
  const next = nextApplication(config, sources.frontend, root);
  if (next === undefined) {
    plan.without.push("the front end is no Next.js application with a lock file of npm");
  } else {
    plan.choice.frontend = { runtime: "node", folder: next.hot.folder };
    plan.applications.push(next);
  }
  return plan;
}

function nextApplication(
  config: StackConfig,
  source: ImageSource,
  root: string,
): HotApplication | undefined {
  const hot = nextFolder(readContext(source, root));
  if (hot === undefined) return undefined;
  const settings = {
    port: config.frontend.port,
    // What a build has by its arguments, the development server has by its environment.
    env: Object.fromEntries(
      Object.entries(source.buildArgs).filter(([name]) => name.startsWith("NEXT_PUBLIC_")),
    ),
  };
  return {
    ...application("frontend", source, hot, "next.cjs", settings),
    check: syntaxErrors,
  };
}

function pythonApplication(
  app: string,
  configured: readonly string[],
  source: ImageSource,
  root: string,
): HotApplication | undefined {
  const context = readContext(source, root);
  const command =
    configured.length > 0
      ? configured
      : dockerfileCommand(fs.readFileSync(context.dockerfile, "utf8"));
  const module = command && servedModule(command);
  const hot = module === undefined ? undefined : pythonFolder(module, context.entries);
  if (command === undefined || hot === undefined) return undefined;
  return application(app, source, hot, "python.py", { command });
}

function application(
  app: string,
  source: ImageSource,
  hot: HotFolder,
  supervisor: string,
  settings: Record<string, unknown>,
): HotApplication {
  return {
    ...{ app, source, hot, settings },
    shown: path.posix.join(source.context, hot.folder),
    supervisor: fs.readFileSync(path.join(__dirname, "pod", supervisor)),
  };
}
