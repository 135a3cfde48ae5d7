import { useState } from "react";

/** Copies `text`; `what` names it for screen readers: "the token". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<"ready" | "copied" | "failed">("ready");
  return (
    <>
      <button
        type="button"
        className="button-quiet"
        onClick={() => {
          void copy(text).then((copied) => {
            setState(copied ? "copied" : "failed");
          });
        }}
      >
        {state === "copied" ? "Copied" : "Copy"}
        <span className="sr-only"> {what}</span>
      </button>
      <span role="status" className="sr-only">
        {state === "copied" && `Copied ${what}.`}
        {state === "failed" && "Copying did not work. Select the text and copy it by hand."}
      </span>
    </>
  );
}

/** On plain http, as on a cluster's NodePort, browsers have no clipboard for scripts: the old way. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.className = "fixed opacity-0";
    document.body.append(field);
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only one without https
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
