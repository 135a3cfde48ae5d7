import { PRIORITIES, type Priority } from "./task";

export const PRIORITY_WORDS: Record<Priority, string> = {
  high: "High priority",
  medium: "Normal priority",
  low: "Low priority",
};

interface PrioritySelectProps {
  /** Its name for screen readers, where no label stands beside it. */
  label?: string;
  id?: string;
  className: string;
  value: Priority;
  onChange: (priority: Priority) => void;
}

export function PrioritySelect({ label, id, className, value, onChange }: PrioritySelectProps) {
  return (
    <select
      id={id}
      aria-label={label}
      className={className}
      value={value}
      onChange={(event) => {
        onChange(PRIORITIES.find((each) => each === event.target.value) ?? "medium");
      }}
    >
      {PRIORITIES.map((each) => (
        <option key={each} value={each}>
          {PRIORITY_WORDS[each]}
        </option>
      ))}
    </select>
  );
}
