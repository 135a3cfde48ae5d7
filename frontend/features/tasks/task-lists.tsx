import { memo, useLayoutEffect, useState, type ReactNode, type RefObject } from "react";
import { Icon } from "@/components/icon";
import { useClock } from "./clock";
import { NothingFound, NothingInView, NoTasks } from "./list-states";
import { TaskRow } from "./task-row";
import type { Task } from "./task";
import { useGrowing } from "./use-growing";
import type { TaskActions } from "./use-task-actions";
import { filtersQuery, isNarrowed, sectionsOf, type Filters, type Section } from "./views";

interface TaskListsProps {
  /** The tasks that fit the filters, in their order. */
  shown: readonly Task[];
  /** Whether there are no tasks at all. */
  none: boolean;
  filters: Filters;
  actions: TaskActions;
  onShowAll: () => void;
}

const HEADINGS: Record<Section["group"], string> = {
  overdue: "Overdue",
  today: "Today",
  tomorrow: "Tomorrow",
  later: "Later",
  none: "No date",
  open: "To do",
  done: "Done",
};

/** About the height of a row, in pixels: what is not drawn yet takes that much room. */
const ROW = 53;

/** The tasks that were asked for: what is to be done, and below it what is done. */
export const TaskLists = memo(function TaskLists(props: TaskListsProps) {
  const { shown, none, filters, actions, onShowAll } = props;
  const clock = useClock();
  const narrowed = isNarrowed(filters);
  const [doneIsOpen, setDoneIsOpen] = useState(false);
  const { limit, end } = useGrowing(filtersQuery(filters), shown.length);
  if (none) return <NoTasks />;
  if (shown.length === 0) {
    return narrowed ? (
      <NothingFound onShowAll={onShowAll} />
    ) : (
      <NothingInView view={filters.view} />
    );
  }

  const sections = sectionsOf(shown, filters, clock);
  const done = sections.at(-1)?.group === "done" ? sections.pop() : undefined;
  // What is looked for is shown wherever it is.
  const showsDone = doneIsOpen || filters.view === "done" || narrowed;
  const drawn = firstRows(done !== undefined && showsDone ? [...sections, done] : sections, limit);
  const isPlain = sections.every(({ group }) => group === "none" || group === "open");
  return (
    <>
      {sections.length === 0 && filters.view === "all" && !narrowed && (
        <p className="notice mt-4">All done. Nothing is waiting for you.</p>
      )}
      {drawn.sections.map(({ group, tasks, count }) =>
        group === "done" ? (
          <Rows
            key={group}
            tasks={tasks}
            actions={actions}
            heading={
              filters.view === "done" || narrowed ? (
                <Heading hidden={filters.view === "done"} group={group} count={count} />
              ) : (
                <DoneToggle open count={count} onToggle={setDoneIsOpen} />
              )
            }
          />
        ) : (
          <Rows
            key={group}
            tasks={tasks}
            actions={actions}
            heading={<Heading hidden={isPlain} group={isPlain ? "open" : group} count={count} />}
          />
        ),
      )}
      {done !== undefined && !showsDone && (
        <section className="mt-4">
          <DoneToggle open={false} count={done.tasks.length} onToggle={setDoneIsOpen} />
        </section>
      )}
      <Room ref={end} height={drawn.left * ROW} />
    </>
  );
});

interface RoomProps {
  ref: RefObject<HTMLDivElement | null>;
  /** Pixels. */
  height: number;
}

/** Empty room. Its height is set by script: a style attribute in the page that the server sends is refused (style-src). */
function Room({ ref, height }: RoomProps) {
  useLayoutEffect(() => {
    if (ref.current !== null) ref.current.style.height = `${height}px`;
  }, [ref, height]);
  return <div ref={ref} />;
}

interface DrawnSection extends Section {
  /** How many there are, drawn or not. */
  count: number;
}

/** The first `limit` tasks of the sections, and how many are left. */
function firstRows(
  sections: readonly Section[],
  limit: number,
): { sections: DrawnSection[]; left: number } {
  const drawn: DrawnSection[] = [];
  let room = limit;
  let left = 0;
  for (const { group, tasks } of sections) {
    const rows = tasks.slice(0, room);
    if (rows.length > 0) drawn.push({ group, tasks: rows, count: tasks.length });
    room -= rows.length;
    left += tasks.length - rows.length;
  }
  return { sections: drawn, left };
}

interface RowsProps {
  heading: ReactNode;
  tasks: readonly Task[];
  actions: TaskActions;
}

function Rows({ heading, tasks, actions }: RowsProps) {
  return (
    <section className="mt-4">
      {heading}
      <ul className="card divide-y divide-line px-4 sm:px-5">
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} actions={actions} />
        ))}
      </ul>
    </section>
  );
}

interface HeadingProps {
  group: Section["group"];
  count: number;
  /** Whether it is for screen readers only. */
  hidden: boolean;
}

function Heading({ group, count, hidden }: HeadingProps) {
  return (
    <h2 className={hidden ? "sr-only" : `list-heading ${group === "overdue" ? "text-bad" : ""}`}>
      {HEADINGS[group]} <span className="font-normal">{count}</span>
    </h2>
  );
}

interface DoneToggleProps {
  open: boolean;
  count: number;
  onToggle: (open: boolean) => void;
}

function DoneToggle({ open, count, onToggle }: DoneToggleProps) {
  return (
    <h2 className="list-heading">
      <button
        type="button"
        className="-ml-1 inline-flex min-h-9 items-center gap-1 rounded-md pr-2"
        aria-expanded={open}
        onClick={() => {
          onToggle(!open);
        }}
      >
        <Icon name="chevron" className={open ? "rotate-90" : ""} />
        Done <span className="font-normal">{count}</span>
      </button>
    </h2>
  );
}
