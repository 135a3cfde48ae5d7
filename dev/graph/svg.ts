/** Boxes and arrows as SVG, readable on light and dark pages; the same boxes always give the same bytes. Pure. */
import type { Box } from "./boxes";

const LINE = 18;
const HEAD = 30;
const PADDING = 12;
const WIDTH = 250;
const COLUMN_GAP = 70;
const ROW_GAP = 22;
const MARGIN = 16;

interface Placed extends Box {
  x: number;
  y: number;
  height: number;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Columns side by side, each centred on the tallest. */
function placed(boxes: readonly Box[]): Placed[] {
  const heightOf = ({ lines }: Box): number => HEAD + lines.length * LINE + PADDING;
  const columnHeight = (column: number): number =>
    boxes
      .filter((box) => box.column === column)
      .reduce((sum, box) => sum + heightOf(box) + ROW_GAP, -ROW_GAP);
  const tallest = Math.max(...boxes.map(({ column }) => columnHeight(column)));
  const next = new Map<number, number>();
  return boxes.map((box) => {
    const height = heightOf(box);
    const y = next.get(box.column) ?? MARGIN + (tallest - columnHeight(box.column)) / 2;
    next.set(box.column, y + height + ROW_GAP);
    return { ...box, x: MARGIN + box.column * (WIDTH + COLUMN_GAP), y: Math.round(y), height };
  });
}

function boxSvg({ x, y, height, title, lines }: Placed): string {
  const texts = lines.map(
    (line, index) =>
      `    <text class="line" x="${x + PADDING}" y="${y + HEAD + 12 + index * LINE}">${escaped(line)}</text>`,
  );
  return [
    `  <g>`,
    `    <rect class="box" x="${x}" y="${y}" width="${WIDTH}" height="${height}" rx="8"/>`,
    `    <text class="title" x="${x + PADDING}" y="${y + 21}">${escaped(title)}</text>`,
    ...texts,
    `  </g>`,
  ].join("\n");
}

/** From what must be there first to what comes after it. */
function arrowSvg(from: Placed, to: Placed): string {
  const [x1, y1] = [from.x + WIDTH, from.y + from.height / 2];
  const [x2, y2] = [to.x - 3, to.y + to.height / 2];
  const bend = Math.max(30, (x2 - x1) / 2);
  return `  <path class="arrow" d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" marker-end="url(#tip)"/>`;
}

/** @param title what the picture is of, for people who cannot see it */
export function svgOf(boxes: readonly Box[], title: string): string {
  const all = placed(boxes);
  const width = Math.max(...all.map(({ x }) => x)) + WIDTH + MARGIN;
  const height = Math.max(...all.map(({ y, height: own }) => y + own)) + MARGIN;
  const arrows = all.flatMap((box) =>
    box.after.flatMap((index) => {
      const from = all[index];
      return from === undefined ? [] : [arrowSvg(from, box)];
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${escaped(title)}</title>
  <style>
    text { font-family: system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 14px; font-weight: 600; }
    .line { font-size: 12px; }
    .box { fill: #f6f8fa; stroke: #8c959f; }
    .arrow { fill: none; stroke: #57606a; stroke-width: 1.5; }
    #tip path { fill: #57606a; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .box { fill: #161b22; stroke: #6e7681; }
      .arrow { stroke: #9198a1; }
      #tip path { fill: #9198a1; }
    }
  </style>
  <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>
${arrows.join("\n")}
${all.map(boxSvg).join("\n")}
</svg>
`;
}
