/** Lines over a common time, one panel below the other, as an SVG that reads in light and dark. */
export interface Panel {
  title: string;
  lines: readonly { name: string; points: readonly { x: number; y: number }[] }[];
}

const width = 760;
const panelHeight = 150;
const left = 56;
const right = 90;
const top = 40;
const gap = 44;
const colours = ["#1a7353", "#c2571a"];

/** @param panels their x are seconds */
export function plot(title: string, panels: readonly Panel[]): string {
  const end = Math.max(
    1,
    ...panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ x }) => x))),
  );
  const height = top + panels.length * (panelHeight + gap);
  const parts = panels.map((panel, index) =>
    draw(panel, top + index * (panelHeight + gap) + 20, end),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${left}" y="22" font-size="14" font-weight="bold" fill="#17211c">${escape(title)}</text>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function draw({ title, lines }: Panel, y: number, end: number): string {
  const most = niceAbove(
    Math.max(1, ...lines.flatMap(({ points }) => points.map(({ y }) => y)).filter(Number.isFinite)),
  );
  const across = (x: number): number => left + (x / end) * (width - left - right);
  const up = (value: number): number => y + panelHeight - (value / most) * panelHeight;
  const grid = [0, 0.5, 1].map((share) => {
    const at = up(most * share);
    return (
      `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="#d5dbd7"/>` +
      `<text x="${left - 8}" y="${at + 4}" text-anchor="end" fill="#56625b">${most * share}</text>`
    );
  });
  const minutes = Array.from({ length: Math.floor(end / 120) + 1 }, (_, n) => n * 120).map(
    (second) =>
      `<text x="${across(second)}" y="${y + panelHeight + 16}" text-anchor="middle" fill="#56625b">${second / 60} min</text>`,
  );
  const curves = lines.map(({ name, points }, index) => {
    const colour = colours[index % colours.length] ?? "#000000";
    const path = points
      .filter((point) => Number.isFinite(point.y))
      .map((point) => `${across(point.x).toFixed(1)},${up(point.y).toFixed(1)}`)
      .join(" ");
    return (
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      `<text x="${width - right + 10}" y="${y + 14 + index * 18}" fill="${colour}">${escape(name)}</text>`
    );
  });
  return [
    `<text x="${left}" y="${y - 8}" fill="#17211c">${escape(title)}</text>`,
    ...grid,
    ...minutes,
    ...curves,
  ].join("\n");
}

/** 1, 2 or 5 times a power of ten, the first that is not below. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
