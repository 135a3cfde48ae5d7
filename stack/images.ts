import type { ApplicationConfig } from "../config/application";
import type { StackConfig } from "../config/stack";
import { withoutEmpty } from "./environment";
import type { ImageSource } from "../images/source";
import type { ImageArgs } from "../components/image";
import type { PerApplication } from "./per-application";

/** The images: what they are made from, and how they reach the cluster. */
export function imageArgs(config: StackConfig): PerApplication<ImageArgs> {
  const loading = howLoaded(config);
  const { frontend, backend, mcp } = imageSources(config);
  return {
    frontend: { ...frontend, ...loading },
    backend: { ...backend, ...loading },
    ...(mcp === undefined ? {} : { mcp: { ...mcp, ...loading } }),
  };
}

/**
 * The image in which the front end's files are run as they are saved: what its lock file names, and none of the files.
 * @param folder of its package.json within the build context
 */
export function developmentImage(config: StackConfig, folder: string): ImageArgs {
  const { images, frontend } = config;
  const { target: _, ...source } = imageSources(config).frontend;
  return {
    ...source,
    dockerfile: "docker/frontend.development.Dockerfile",
    repository: `${source.repository}-development`,
    buildArgs: withoutEmpty({
      ...{ NODE_IMAGE: images.nodeImage, NPM_REGISTRY: images.npmRegistry, FOLDER: folder },
      ...frontend.buildArgs,
    }),
    ...howLoaded(config),
  };
}

function howLoaded(config: StackConfig): Pick<ImageArgs, "kubeContext" | "loader"> {
  const { loader, loadCommand, registry } = config.images;
  return {
    kubeContext: config.cluster.context,
    loader: {
      kind: loader,
      ...(loader === "command" ? { command: loadCommand } : {}),
      ...(loader === "registry" ? { registry } : {}),
    },
  };
}

/** What the images are made from. */
export function imageSources(config: StackConfig): PerApplication<ImageSource> {
  const { images, backend, frontend, mcp } = config;
  // With its cache in it a pushed image is content of its own. Without, the kubelet, which keeps the login that content was
  // pulled with whatever its name (Kubernetes 1.35), would refuse the same content to a stack that loads it into the nodes.
  const inlineCache: Record<string, string> =
    images.loader === "registry" ? { BUILDKIT_INLINE_CACHE: "1" } : {};
  const source = (
    label: keyof PerApplication<unknown>,
    application: ApplicationConfig,
    buildArgs: Record<string, string>,
  ): ImageSource => ({
    label,
    repository:
      images.loader === "registry" ? `${images.registry}/${application.image}` : application.image,
    context: application.context,
    dockerfile: application.dockerfile,
    ...(application.target === "" ? {} : { target: application.target }),
    platform: images.platform,
    buildArgs: { ...withoutEmpty(buildArgs), ...inlineCache, ...application.buildArgs },
    ...(application.buildSecrets.length === 0 ? {} : { secrets: application.buildSecrets }),
  });
  return {
    frontend: source("frontend", frontend, {
      NODE_IMAGE: images.nodeImage,
      NPM_REGISTRY: images.npmRegistry,
      // Only where browsers call the API themselves: otherwise one image serves every environment.
      NEXT_PUBLIC_API_URL: backend.publicUrl,
    }),
    backend: source("backend", backend, {
      PYTHON_IMAGE: images.pythonImage,
      PYTHON_INDEX_URL: images.pythonIndexUrl,
    }),
    ...(mcp.separate && mcp.ownImage
      ? {
          mcp: source("mcp", mcp, {
            PYTHON_IMAGE: images.pythonImage,
            PYTHON_INDEX_URL: images.pythonIndexUrl,
          }),
        }
      : {}),
  };
}
