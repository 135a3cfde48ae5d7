import { filesOf } from "../layout";
import { Emitter } from "./emit";
import { Overrides } from "./overrides";
import { Tokens } from "./tokens";
import { build, Merge, type Item } from "./tree";
import { tokenPlan, variants } from "./variants";

const heading = "{{- /* Rendered by `npm run render` from components/: change it there. */ -}}\n";

/** The chart's templates that come from the components: path below templates/ → text. */
export function templates(): Map<string, string> {
  const tokens = new Tokens();
  const overrides = new Overrides(tokens);
  const chartObjects = (plan: ReturnType<typeof tokenPlan>) =>
    [...filesOf(plan)].flatMap(([file, objects]) =>
      objects.map((object) => ({ file, object: overrides.object(object) })),
    );
  const base = chartObjects(tokenPlan(tokens));
  const tree = build(base.map(({ object }) => object));
  if (tree.type !== "list") throw new Error("objects are a list");
  const fileOf = new Map<unknown, string>();
  tree.items.forEach((item, index) => fileOf.set(item, base[index]?.file ?? ""));
  for (const variant of variants) {
    const objects = chartObjects(tokenPlan(tokens, variant));
    const known = new Set(tree.items);
    new Merge(tokens, variant).into(
      tree,
      objects.map(({ object }) => object),
      "objects",
    );
    for (const item of tree.items) {
      if (known.has(item)) continue;
      const own = objects.find(({ object }) => object === item.raw);
      fileOf.set(item, own?.file ?? "");
    }
  }
  const files = new Map<string, Item[]>();
  for (const item of tree.items) {
    const file = fileOf.get(item) ?? "";
    files.set(file, [...(files.get(file) ?? []), item]);
  }
  return new Map(
    [...files].map(([file, items]) => {
      const name = file.split("/", 1)[0] ?? file;
      const emitter = new Emitter(tokens, overrides.calculations, name);
      return [file, heading + emitter.file(items)];
    }),
  );
}
