/** The images that the cluster and its applications are made of, without any image registry. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { docker, dockerIfAny, type Need } from "./engine";
import {
  authorities,
  buildImage,
  type BuildOptions,
  contentLabel,
  debianOptions,
  importDebian,
  unpackNpm,
} from "./image-build";
import { together } from "./process";
import { debianRelease, images, nodeVersions, versions } from "./settings";

export interface Image extends Need {
  tag: string;
  /** Everything that decides what the image is: a change makes it be built again. */
  content: () => string[];
  build: (options: BuildOptions, content: string) => Promise<void>;
}

/** Minutes and megabytes as measured on two cores. */
const all: Image[] = [
  {
    ...named(images.debian, 0.5, 80),
    content: () => [],
    build: (options, content) => importDebian(options, images.debian, content),
  },
  fromDockerfile(images.nodeImage, "node.Dockerfile", 0.5, 110, {
    content: JSON.stringify(nodeVersions),
    fill: async (options, folder) => {
      const { node, npm } = nodeVersions;
      await unpackNpm(options, `node-linux-${process.arch}@${node}`, folder, "node");
      await unpackNpm(options, `npm@${npm}`, folder, "npm");
    },
  }),
  fromDockerfile(images.pythonImage, "python.Dockerfile", 0.3, 50),
  fromDockerfile(images.postgresImage, "postgres.Dockerfile", 0.5, 170, {
    content: baseFile("postgres-entrypoint.sh"),
    fill: (_options, folder) => {
      const file = join(folder, "postgres-entrypoint.sh");
      writeFileSync(file, baseFile("postgres-entrypoint.sh"));
      chmodSync(file, 0o755);
    },
  }),
  {
    ...named(images.kubeNode, 1, 700),
    content: () => [
      JSON.stringify({ versions, podImages, nodePrograms }),
      ...nodeFiles().map((file) => file + readFileSync(join(__dirname, "node", file), "utf8")),
    ],
    build: buildKubeNode,
  },
];

/** Images of the pods that run on every node; the node image carries them in a tar. */
const podImages = {
  "sandbox/pause:1": {
    dockerfile: 'FROM scratch\nCOPY pause /\nUSER 65535:65535\nENTRYPOINT ["/pause"]\n',
    programs: ["pause"],
  },
  "sandbox/addons:1": {
    dockerfile: "FROM scratch\nCOPY coredns metrics-server /\n",
    programs: ["coredns", "metrics-server"],
  },
};
const nodePrograms = ["hyperkube", "kubectl", "containerd", "containerd-shim-runc-v2", "ctr"];

/**
 * The images to make before a cluster can be used, in the order of their making.
 * @param cluster  "none" also names images whose recipe has changed; an existing cluster is left as
 *                 it is and only what is gone is named, or every change of a recipe (by a branch, by
 *                 another clone) would hold up a cluster that works
 */
export async function imagesToMake(cluster: "none" | "exists" | "no engine"): Promise<Image[]> {
  const template = `{{index .Config.Labels "${contentLabel}"}}`;
  const wanted = await Promise.all(
    all.map(async (image) => {
      if (cluster === "no engine") return true;
      const made = await dockerIfAny(["image", "inspect", "--format", template, image.tag]);
      if (cluster === "none") return made !== digest(image);
      return made === undefined && image.tag !== images.kubeNode;
    }),
  );
  return all.filter((_, i) => wanted[i]);
}

/** Makes the base images among these: Debian first, then the others side by side. */
export async function makeBaseImages(these: Image[], options: BuildOptions): Promise<void> {
  await make(these.filter((image) => image.tag === images.debian));
  await make(these.filter((image) => ![images.debian, images.kubeNode].includes(image.tag)));

  async function make(now: Image[]): Promise<void> {
    await together(
      options.signal,
      now.map((image) => (signal) => makeImage(image, { ...options, signal })),
    );
  }
}

/** Makes the node image if it is among these; its programs and Debian must be there. */
export async function makeNodeImage(these: Image[], options: BuildOptions): Promise<void> {
  for (const image of these) if (image.tag === images.kubeNode) await makeImage(image, options);
}

async function makeImage(image: Image, options: BuildOptions): Promise<void> {
  options.report(`making ${image.what}`);
  await image.build(options, digest(image));
}

function digest(image: Image): string {
  const parts = JSON.stringify([debianRelease, debianOptions, ...image.content()]);
  return createHash("sha256").update(parts).digest("hex").slice(0, 16);
}

function named(tag: string, minutes: number, diskMb: number): Need & { tag: string } {
  return { tag, what: `image ${tag}`, minutes, diskMb };
}

/** An image whose context is its Dockerfile, the certificate authorities, and perhaps more. */
function fromDockerfile(
  tag: string,
  dockerfile: string,
  minutes: number,
  diskMb: number,
  more?: {
    content: string;
    fill: (options: BuildOptions, folder: string) => void | Promise<void>;
  },
): Image {
  return {
    ...named(tag, minutes, diskMb),
    content: () => [baseFile(dockerfile), authorities(), more?.content ?? ""],
    build: (options, content) =>
      buildImage(options, tag, content, async (folder) => {
        writeFileSync(join(folder, "Dockerfile"), baseFile(dockerfile));
        writeFileSync(join(folder, "ca-certificates.crt"), authorities());
        await more?.fill(options, folder);
      }),
  };
}

async function buildKubeNode(options: BuildOptions, content: string): Promise<void> {
  const copyPrograms = (names: string[], folder: string): void => {
    for (const name of names) copyFileSync(join(options.programs, name), join(folder, name));
  };
  for (const [tag, { dockerfile, programs }] of Object.entries(podImages)) {
    await buildImage(options, tag, content, (folder) => {
      writeFileSync(join(folder, "Dockerfile"), dockerfile);
      copyPrograms(programs, folder);
    });
  }
  await buildImage(options, images.kubeNode, content, async (folder) => {
    for (const file of nodeFiles()) {
      copyFileSync(join(__dirname, "node", file), join(folder, file));
      chmodSync(join(folder, file), file.endsWith(".sh") ? 0o755 : 0o644);
    }
    mkdirSync(join(folder, "bin"));
    copyPrograms(nodePrograms, join(folder, "bin"));
    const save = ["save", "--output", join(folder, "images.tar"), ...Object.keys(podImages)];
    await docker(save, { signal: options.signal });
  });
}

function nodeFiles(): string[] {
  return readdirSync(join(__dirname, "node")).sort();
}

function baseFile(file: string): string {
  return readFileSync(join(__dirname, "base-images", file), "utf8");
}
