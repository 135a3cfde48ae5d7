import { Icon } from "@/components/icon";
import { excessOf, LengthNote } from "@/components/length-note";
import { LONGEST_MESSAGE } from "./api";
import { MESSAGE_FIELD } from "./use-assistant-toggle";

interface ComposerProps {
  text: string;
  /** Whether the assistant is at work: there is a button to stop it then. */
  busy: boolean;
  onText: (text: string) => void;
  onSend: (message: string) => void;
  onStop: () => void;
}

export function Composer({ text, busy, onText, onSend, onStop }: ComposerProps) {
  function send() {
    const message = text.trim();
    if (message === "" || busy || excessOf(message, LONGEST_MESSAGE) > 0) return;
    onText("");
    onSend(message);
  }
  return (
    <form
      className="flex items-end gap-2 border-t border-line p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label htmlFor={MESSAGE_FIELD} className="sr-only">
        Message to the assistant
      </label>
      <div className="min-w-0 flex-1">
        <textarea
          id={MESSAGE_FIELD}
          dir="auto"
          rows={1}
          value={text}
          aria-invalid={excessOf(text.trim(), LONGEST_MESSAGE) > 0}
          aria-describedby="message-length"
          placeholder="Ask or tell the assistant…"
          className="field field-sizing-content block max-h-40 resize-none py-2.5"
          onChange={(event) => {
            onText(event.target.value);
          }}
          onKeyDown={(event) => {
            // Enter sends; with Shift, or while a word is being composed, it does not.
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <LengthNote id="message-length" text={text.trim()} longest={LONGEST_MESSAGE} />
      </div>
      {busy ? (
        <button
          // Two buttons, not one that changes: a press of Stop would end on what has become Send,
          // and the browser would submit the form.
          key="stop"
          type="button"
          className="button-quiet size-11 flex-none px-0"
          aria-label="Stop"
          onClick={onStop}
        >
          <Icon name="stop" />
        </button>
      ) : (
        <button
          key="send"
          type="submit"
          className="button size-11 flex-none px-0"
          aria-label="Send"
        >
          <Icon name="send" />
        </button>
      )}
    </form>
  );
}
