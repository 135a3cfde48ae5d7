import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import * as tar from "tar-stream";
import { missingLayers } from "../../../../images/load/archive";
import { type Entries, unpack } from "../../fixtures/archive";

const sha256 = (content: Buffer | string): string =>
  createHash("sha256").update(content).digest("hex");
const blob = (content: Buffer): string => `blobs/sha256/${sha256(content)}`;

/** Two large layers (more than is held in memory) and a small one on top. */
const LAYERS = [Buffer.alloc(700_000, "a"), Buffer.alloc(900_000, "b"), Buffer.alloc(2048, "c")];
const DIFF_IDS = LAYERS.map((layer) => `sha256:${sha256(layer)}`);
const CONFIG = Buffer.from(JSON.stringify({ rootfs: { type: "layers", diff_ids: DIFF_IDS } }));

function pack(entries: Entries): Readable {
  const out = tar.pack();
  for (const [name, content] of entries) out.entry({ name }, content);
  out.finalize();
  return Readable.from(out);
}

/** As `docker save` writes since Docker 25: every blob under its digest. */
function modern(layers = LAYERS): Entries {
  return new Map([
    ...[...layers, CONFIG].map((content) => [blob(content), content] as const),
    [
      "manifest.json",
      Buffer.from(JSON.stringify([{ Config: blob(CONFIG), Layers: layers.map(blob) }])),
    ],
  ]);
}

/** As `docker save` wrote up to Docker 24: a folder per layer, named by what lies below it too. */
function legacy(): Entries {
  const entries: Entries = new Map();
  const names: string[] = [];
  let chain = "";
  for (const [index, layer] of LAYERS.entries()) {
    const diffId = DIFF_IDS[index] ?? "";
    chain = chain === "" ? diffId : `sha256:${sha256(`${chain} ${diffId}`)}`;
    const parent = names.at(-1);
    const described = {
      container_config: { Cmd: null },
      created: "1970-01-01T01:00:00+01:00", // in the daemon's time zone
      layer_id: chain,
      ...(parent === undefined ? {} : { parent: `sha256:${parent}` }),
    };
    const id = sha256(JSON.stringify(described));
    names.push(id);
    const shown = { ...described, layer_id: undefined };
    entries.set(`${id}/VERSION`, Buffer.from("1.0"));
    const json = { id, ...shown, ...(parent === undefined ? {} : { parent }), os: "linux" };
    entries.set(`${id}/json`, Buffer.from(JSON.stringify(json)));
    entries.set(`${id}/layer.tar`, layer);
  }
  const config = `${sha256(CONFIG)}.json`;
  const layers = names.map((name) => `${name}/layer.tar`);
  const sorted = new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  sorted.set(config, CONFIG);
  sorted.set("manifest.json", Buffer.from(JSON.stringify([{ Config: config, Layers: layers }])));
  return sorted;
}

async function select(saved: Entries, present: string[]): Promise<Entries> {
  return unpack(missingLayers("todo-backend:1", pack(saved), DIFF_IDS, new Set(present)));
}

function json(entries: Entries, name: string): unknown {
  return JSON.parse(entries.get(name)?.toString() ?? "null");
}

interface Manifest {
  config: { digest: string };
  layers: { digest: string; size: number; mediaType: string }[];
}

describe("the archive with the missing layers", () => {
  for (const [layout, saved] of Object.entries({ modern: modern(), legacy: legacy() })) {
    describe(`from the ${layout} layout of docker save`, () => {
      it("holds what the node lacks and nothing that it has", async () => {
        const sent = await select(saved, DIFF_IDS.slice(0, 2));
        const layers = LAYERS.filter((layer) => sent.has(blob(layer)));
        assert.deepEqual(layers, LAYERS.slice(2));
        const [first, , last] = LAYERS;
        const other = await select(saved, DIFF_IDS.slice(1));
        assert.deepEqual(other.get(blob(first ?? Buffer.of())), first);
        assert.ok(!other.has(blob(last ?? Buffer.of())));
      });

      it("describes the whole image to containerd, by its name on the node", async () => {
        const sent = await select(saved, DIFF_IDS.slice(0, 2));
        const index = json(sent, "index.json") as {
          manifests: { digest: string; annotations: Record<string, string> }[];
        };
        const [entry] = index.manifests;
        assert.equal(
          entry?.annotations["io.containerd.image.name"],
          "docker.io/library/todo-backend:1",
        );
        const name = `blobs/sha256/${entry.digest.slice("sha256:".length)}`;
        const manifest = json(sent, name) as Manifest;
        assert.equal(manifest.config.digest, `sha256:${sha256(CONFIG)}`);
        assert.deepEqual(sent.get(blob(CONFIG)), CONFIG);
        assert.deepEqual(
          manifest.layers,
          LAYERS.map((layer) => ({
            digest: `sha256:${sha256(layer)}`,
            size: layer.length,
            mediaType: "application/vnd.oci.image.layer.v1.tar",
          })),
        );
        for (const [file, content] of sent) {
          if (file.startsWith("blobs/")) assert.equal(file, blob(content));
        }
      });

      it("describes the whole image to Docker", async () => {
        const sent = await select(saved, DIFF_IDS.slice(0, 1));
        assert.deepEqual(json(sent, "manifest.json"), [
          { Config: blob(CONFIG), RepoTags: ["todo-backend:1"], Layers: LAYERS.map(blob) },
        ]);
      });
    });
  }

  it("keeps compressed layers as they are (Docker with containerd's image store)", async () => {
    const gzip = Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(400_000)]);
    const sent = await select(modern([gzip]), []);
    const manifests = [...sent.values()]
      .map((content) => content.toString())
      .filter((text) => text.includes("image.manifest.v1+json") && text.includes("layers"));
    const manifest = JSON.parse(manifests[0] ?? "null") as Manifest;
    assert.equal(manifest.layers[0]?.mediaType, "application/vnd.oci.image.layer.v1.tar+gzip");
  });

  it("says that it does not understand a layout, instead of sending half of it", async () => {
    const strange = new Map([...legacy()].filter(([name]) => !name.endsWith("/json")));
    await assert.rejects(select(strange, []), /unexpected .*layer\.tar in the archive/);
    const cut = new Map([...modern()].filter(([name]) => name !== "manifest.json"));
    await assert.rejects(select(cut, []), /no manifest\.json/);
  });
});
