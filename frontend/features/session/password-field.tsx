import { useState, type Ref } from "react";

interface PasswordFieldProps {
  id: string;
  label: string;
  kind: "current-password" | "new-password";
  /** With `onChange`, where the text is kept elsewhere; without, the form itself has it, under `name`. */
  value?: string;
  onChange?: (value: string) => void;
  name?: string;
  ref?: Ref<HTMLInputElement>;
}

/** The back end's rule for new passwords, in characters. */
const SHORTEST = 8;
const LONGEST = 128;

export function PasswordField({ id, label, kind, value, onChange, name, ref }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const isNew = kind === "new-password";
  return (
    <div>
      <label htmlFor={id} className="label">
        {label}
      </label>
      {/* The button comes after the field, so that Tab from the field before leads into this one. */}
      <div className="relative">
        <input
          ref={ref}
          id={id}
          name={name}
          type={shown ? "text" : "password"}
          required
          minLength={isNew ? SHORTEST : undefined}
          // A new one that is too long is refused in words. It was cut off here before: such a one still fits.
          maxLength={isNew ? undefined : LONGEST}
          autoComplete={kind}
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={isNew ? `${id}-rule` : undefined}
          className="field pr-20"
          value={value}
          onChange={
            onChange &&
            ((event) => {
              onChange(event.target.value);
            })
          }
        />
        <button
          type="button"
          className="link absolute inset-y-1 right-1 px-2.5 text-sm"
          onClick={() => {
            setShown(!shown);
          }}
        >
          {shown ? "Hide" : "Show"}
          <span className="sr-only"> {label.toLowerCase()}</span>
        </button>
      </div>
      {isNew && (
        <p id={`${id}-rule`} className="mt-2 text-sm text-ink-soft">
          At least {SHORTEST} characters. A short sentence works well.
        </p>
      )}
    </div>
  );
}
