interface PasswordFieldProps {
  id: string;
  label: string;
  kind: "current-password" | "new-password";
  value: string;
  onChange: (value: string) => void;
}

/** The back end's rule for new passwords, in characters. */
const SHORTEST = 8;
const LONGEST = 128;

export function PasswordField({ id, label, kind, value, onChange }: PasswordFieldProps) {
  const isNew = kind === "new-password";
  return (
    <div>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <input
        id={id}
        type="password"
        required
        minLength={isNew ? SHORTEST : undefined}
        maxLength={LONGEST}
        autoComplete={kind}
        aria-describedby={isNew ? `${id}-rule` : undefined}
        className="field"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      {isNew && (
        <p id={`${id}-rule`} className="mt-2 text-sm text-ink-soft">
          At least {SHORTEST} characters. A short sentence works well.
        </p>
      )}
    </div>
  );
}
