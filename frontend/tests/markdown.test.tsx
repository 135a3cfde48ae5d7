/** What an assistant's answer looks like, and what it can never do. */
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "@/features/assistant/markdown";

function html(text: string): string {
  return renderToStaticMarkup(<Markdown text={text} />).replace(/ (class|dir)="[^"]*"/g, "");
}

test.each([
  ["Two *soft* and **loud `x`** words", "<em>soft</em>"],
  ["Two *soft* and **loud `x`** words", "<strong>loud <code>x</code></strong>"],
  ["- Milk\n- Bread", "<ul><li>Milk</li><li>Bread</li></ul>"],
  ["3. Milk\n4. Bread", '<ol start="3"><li>Milk</li><li>Bread</li></ol>'],
  ["## Today", "<p>Today</p>"],
  ["```js\na < b\n```", "<pre><code>a &lt; b</code></pre>"],
  ["```\nnot closed yet", "<pre><code>not closed yet</code></pre>"],
  [
    String.raw`“\*\*Pay\*\* \[here\](https://example.org) \_now\_ \<b\> \`x\`”`,
    "<p>“**Pay** [here](https://example.org) _now_ &lt;b&gt; `x`”</p>",
  ],
  [String.raw`C:\Users`, String.raw`<p>C:\Users</p>`],
  ["snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"],
  [
    "[site](https://example.org/a)",
    '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer">site</a>',
  ],
])("%j is drawn", (text, part) => {
  expect(html(text)).toContain(part);
});

test("Arabic paragraphs and points run from right to left", () => {
  const drawn = renderToStaticMarkup(<Markdown text={"مرحبا\n\n- حليب"} />);
  expect(drawn).toMatch(/<p dir="auto"[^>]*>مرحبا/);
  expect(drawn).toMatch(/<li dir="auto"[^>]*>حليب/);
});

test.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[x](javascript:alert(1))",
  "[x](data:text/html,hello)",
  "![x](https://example.org/pixel.png)",
  '[x](https://example.org/"onclick="alert(1))',
])("%j neither runs nor loads anything", (text) => {
  const drawn = html(text);
  expect(drawn).not.toMatch(/<(script|img)|href="(?!https:)|\sonclick="|\sonerror="/);
});
