/** The drawings on buttons: lines on a field of 20 by 20, decoration beside or instead of words. */
const LINES = {
  bin: "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11h8.4l.8-11M8.3 8.5v5M11.7 8.5v5",
  calendar: "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3",
  chevron: "m8 5.5 4.5 4.5-4.5 4.5",
  check: "m4.5 10.5 3.7 3.7 7.5-8.2",
  close: "m5 5 10 10M15 5 5 15",
  chat: "M3.5 4.5h13v9h-7l-3.5 3v-3H3.5zM7 8h6M7 10.5h3.5",
  filter: "M3.5 6h13M6 10h8M8.5 14h3",
  flag: "M5 17V3.5h9.5L12.5 7l2 3.5H5",
  history: "M3.8 7.5A7 7 0 1 1 3 10M3.5 3.5v4h4M10 6.5V10l2.5 1.5",
  list: "m3.5 6 1.2 1.2L7 4.8M3.5 13l1.2 1.2L7 11.8M10 6h6.5M10 13h6.5",
  pencil: "m4 16 .8-3.3L13.6 4 16 6.4 7.3 15.2zM12 5.6 14.4 8",
  person: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c.7-3 3-4.5 6-4.5s5.300 1.500 6 4.500",
  plus: "M10 4v12M4 10h12",
  search: "M9 14a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM12.8 12.800 17 17",
  send: "M3.500 10 16.500 4l-4 12.500-3-5.500zM9.500 11l3-3",
  stop: "M6 6h8v8H6z",
  tool: "M12.500 3.800a4 4 0 0 0-4.800 5.300L3.500 13.300l3.200 3.200 4.200-4.200a4 4 0 0 0 5.300-4.800l-2.600 2.600-2.600-.700-.700-2.600z",
  warning: "M10 3.500 17.500 16.500h-15zM10 8.500v3.500M10 14v.5",
} as const;

export type IconName = keyof typeof LINES;

/** As tall as a line of text; a class such as `size-4` gives it another size. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      // Attributes, because every class wins over them: without a size a drawing fills its parent.
      width="1.25rem"
      height="1.25rem"
      className={`flex-none ${className}`}
      aria-hidden="true"
    >
      <path
        d={LINES[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
