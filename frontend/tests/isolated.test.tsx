/** Somebody's words within a sentence keep their direction to themselves. */
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Isolated } from "@/components/isolated";

test.each([
  ["Added “اشتر الحليب!” to Today", "Added <bdi>“اشتر الحليب!”</bdi> to Today"],
  ["“\u202eabc” was not added.", "<bdi>“\u202eabc”</bdi> was not added."],
  ["“a “b” c” is done.", "<bdi>“a “b” c”</bdi> is done."],
  ["There is no connection.", "There is no connection."],
  ["“two\nlines”", "<bdi>“two\nlines”</bdi>"],
])("%j", (text, drawn) => {
  expect(renderToStaticMarkup(<Isolated text={text} />)).toBe(drawn);
});
