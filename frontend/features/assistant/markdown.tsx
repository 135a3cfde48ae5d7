/**
 * The little Markdown that assistants write: paragraphs, lists, headings, code, bold, italics,
 * links. It makes React elements, never HTML from text, so nothing in an answer can run; links go
 * to http, https and mailto only, and pictures are not loaded at all.
 */
import type { ReactNode } from "react";

export function Markdown({ text }: { text: string }) {
  return <div className="space-y-2.5 wrap-anywhere">{blocksOf(text).map(drawBlock)}</div>;
}

type Block =
  | { kind: "paragraph" | "heading" | "code"; text: string }
  | { kind: "list"; ordered: boolean; first: number; items: string[] };

const ITEM = /^\s*(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push({ kind: "paragraph", text: paragraph.join("\n") });
    paragraph = [];
  };
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const item = ITEM.exec(line);
    const heading = HEADING.exec(line);
    if (line.startsWith("```")) {
      endParagraph();
      // While an answer is still coming in, its last fence may not be closed yet.
      const end = lines.findIndex((each, index) => index > at && each.startsWith("```"));
      const close = end === -1 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(at + 1, close).join("\n") });
      at = close;
    } else if (item !== null) {
      endParagraph();
      const [, number, words = ""] = item;
      const last = blocks.at(-1);
      const ordered = number !== undefined;
      const goesOn = last?.kind === "list" && last.ordered === ordered && lines[at - 1] !== "";
      if (goesOn) last.items.push(words);
      else blocks.push({ kind: "list", ordered, first: Number(number ?? 1), items: [words] });
    } else if (heading !== null) {
      endParagraph();
      blocks.push({ kind: "heading", text: heading[1] ?? "" });
    } else if (line.trim() === "") {
      endParagraph();
    } else {
      paragraph.push(line);
    }
  }
  endParagraph();
  return blocks;
}

function drawBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case "paragraph":
      return (
        <p key={key} dir="auto" className="whitespace-pre-line">
          {inline(block.text)}
        </p>
      );
    case "heading":
      return (
        <p key={key} dir="auto" className="font-semibold">
          {inline(block.text)}
        </p>
      );
    case "code":
      return (
        <pre key={key} className="rounded-lg bg-ground p-3 text-sm whitespace-pre-wrap">
          <code>{block.text}</code>
        </pre>
      );
    case "list": {
      const items = block.items.map((item, index) => (
        <li key={index} dir="auto">
          {inline(item)}
        </li>
      ));
      return block.ordered ? (
        <ol key={key} start={block.first} className="list-decimal space-y-1 pl-6">
          {items}
        </ol>
      ) : (
        <ul key={key} className="list-disc space-y-1 pl-6">
          {items}
        </ul>
      );
    }
  }
}

/**
 * A sign after a backslash stands for itself: so a task's title is shown as it is. Then code, so that
 * nothing inside it is read; then links (pictures too), bold, italics.
 */
const INLINE =
  /\\([!-/:-@[-`{-~])|`([^`\n]+)`|!?\[([^\]\n]+)\]\(([^()\s]+)\)|\*\*([^\n]+?)\*\*|(?<![\w*])[*_]([^*_\s](?:[^*_\n]*[^*_\s])?)[*_](?![\w*])/g;

function inline(text: string): ReactNode[] {
  const nodes: ReactNode[] = [];
  let read = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, sign, code, label, address, bold, italic] = found;
    if (found.index > read) nodes.push(text.slice(read, found.index));
    read = found.index + whole.length;
    const key = nodes.length;
    if (sign !== undefined) {
      nodes.push(sign);
    } else if (code !== undefined) {
      nodes.push(
        <code key={key} className="rounded bg-ground px-1 text-[0.9em]">
          {code}
        </code>,
      );
    } else if (label !== undefined) {
      nodes.push(<Link key={key} label={label} address={address ?? ""} />);
    } else if (bold !== undefined) {
      nodes.push(<strong key={key}>{inline(bold)}</strong>);
    } else {
      nodes.push(<em key={key}>{italic}</em>);
    }
  }
  nodes.push(text.slice(read));
  return nodes;
}

const SAFE = /^(https?:\/\/|mailto:)/i;

function Link({ label, address }: { label: string; address: string }) {
  if (!SAFE.test(address)) return <>{label}</>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer" className="link underline">
      {label}
    </a>
  );
}
