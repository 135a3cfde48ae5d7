/**
 * A sentence with somebody's words in “quotation marks”. Those have a direction of their own: neither
 * Arabic nor a character that turns the direction round changes the order of the words beside them.
 */
export function Isolated({ text }: { text: string }) {
  const [before = "", quoted, after = ""] = text.split(/(“.*”)/su);
  return (
    <>
      {before}
      {quoted !== undefined && <bdi>{quoted}</bdi>}
      {after}
    </>
  );
}
