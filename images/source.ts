import * as path from "node:path";

/** What an image is made from. All of it is in the content tag except `repository`, `label` and `secrets`. */
export interface ImageSource {
  /** Name without tag: `todo-backend`, or `registry.example.com/team/todo-backend`. */
  repository: string;
  /** Build context, a folder relative to the project's root. */
  context: string;
  /** Dockerfile relative to the project's root; it may lie outside the context. */
  dockerfile: string;
  /** Stage of the Dockerfile to build. Default: the last one. */
  target?: string;
  /** Values of the Dockerfile's `ARG`s. Never secrets: they end up in the image's history. */
  buildArgs: Record<string, string>;
  /** `linux/amd64`, `linux/arm64`. Always given: Docker's own default differs between machines. */
  platform: string;
  /** Names of the secrets that its steps may mount (`RUN --mount=type=secret,id=…`); the values are nobody's content. */
  secrets?: string[];
  /** Prefix of this image's config keys (`backend` → `backendDockerfile`), for error messages. */
  label?: string;
}

/** `backendDockerfile`, or plain `dockerfile` where the source has no label. */
export function keyOf(source: ImageSource, key: "context" | "dockerfile"): string {
  if (!source.label) return key;
  return source.label + key.charAt(0).toUpperCase() + key.slice(1);
}

/** `todo-backend` for `localhost:5000/team/todo-backend`: the part that names folders and logs. */
export function shortName(repository: string): string {
  return path.posix.basename(repository);
}
