/** The picture's content: a box for each component, with what it holds and what must be there before it. Pure. */
import type { Resource } from "./registered";

export interface Box {
  /** "Backend", "Image backend". */
  title: string;
  /** "Deployment backend", in the order of registration. */
  lines: string[];
  /** Indexes of the boxes that must be there first; only the nearest ones. */
  after: number[];
  /** Column from the left, right of everything in `after`. */
  column: number;
}

function short(type: string): string {
  return type.split(":").at(-1) ?? type;
}

function isComponent({ type }: Resource): boolean {
  return /^todo-app:\w+:\w+$/.test(type);
}

function titleOf({ type, name }: Resource): string {
  const kind = short(type).replace(/([a-z])([A-Z])/g, "$1 $2");
  return kind === "Image" ? `Image: ${name.replace(/-image$/, "")}` : kind;
}

/** Dependencies that follow from others are left out: an arrow from A to B and from B to C says enough of A and C. */
function nearest(direct: readonly number[], after: readonly number[][]): number[] {
  const reached = (from: number): Set<number> => {
    const all = new Set<number>();
    const visit = (index: number): void => {
      for (const next of after[index] ?? []) if (!all.has(next)) visit((all.add(next), next));
    };
    visit(from);
    return all;
  };
  return direct.filter(
    (index) => !direct.some((other) => other !== index && reached(other).has(index)),
  );
}

/** Boxes in the order of registration. */
export function boxesOf(resources: readonly Resource[]): Box[] {
  const components = resources.filter(isComponent);
  const indexOf = new Map(components.map(({ urn }, index) => [urn, index]));
  /** The box that a resource is in: its own, or its parent's. */
  const home = new Map(
    resources.map((resource) => [
      resource.urn,
      indexOf.get(resource.urn) ?? indexOf.get(resource.parent),
    ]),
  );
  const direct = components.map(({ urn }, index) => {
    const inside = resources.filter((each) => each.urn === urn || each.parent === urn);
    const boxes = inside.flatMap(({ dependsOn }) => dependsOn.map((each) => home.get(each)));
    return [...new Set(boxes)].filter((each) => each !== undefined && each !== index) as number[];
  });
  const after = direct.map((each) => nearest(each, direct));
  const columns: number[] = [];
  const columnOf = (index: number): number => {
    columns[index] ??= Math.max(-1, ...(after[index] ?? []).map(columnOf)) + 1;
    return columns[index];
  };
  components.forEach((_, index) => columnOf(index));
  /** What waits for nothing stands beside what waits for it, so that no arrow runs behind other boxes. */
  const shown = columns.map((column, index) => {
    const users = components.flatMap((_, other) =>
      after[other]?.includes(index) ? [columns[other] ?? 0] : [],
    );
    return column === 0 && users.length > 0 ? Math.min(...users) - 1 : column;
  });
  return components.map((component, index) => ({
    title: titleOf(component),
    lines: resources
      .filter(({ parent, urn }) => parent === component.urn && !indexOf.has(urn))
      .map(({ type, name }) => `${short(type)} ${name}`),
    after: after[index] ?? [],
    column: shown[index] ?? 0,
  }));
}
