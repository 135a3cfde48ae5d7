import { useMemo, useState } from "react";
import { Icon } from "@/components/icon";
import { useClock } from "./clock";
import { PRIORITY_WORDS } from "./priority";
import { PRIORITIES, type Task } from "./task";
import { dueGroup, SORTS, VIEWS, type Sort, type View, type Filters } from "./views";

export const VIEW_WORDS: Record<View, string> = {
  all: "All",
  today: "Today",
  upcoming: "Upcoming",
  done: "Done",
};

const SORT_WORDS: Record<Sort, string> = {
  due_date: "By date",
  created: "Newest first",
  priority: "Most urgent first",
  title: "A to Z",
};

/** The field has this id, so that a key can lead to it. */
export const SEARCH_FIELD = "search-tasks";

interface ToolbarProps {
  /** Undefined while they are loading. */
  tasks: readonly Task[] | undefined;
  filters: Filters;
  onFilters: (filters: Filters) => void;
}

/** Which tasks to show: views, words to look for, order. */
export function Toolbar({ tasks, filters, onFilters }: ToolbarProps) {
  const [more, setMore] = useState(filters.sort !== "due_date" || filters.priority !== "any");
  return (
    <div className="mt-6">
      <div role="group" aria-label="Views" className="flex flex-wrap gap-x-0.5 gap-y-1">
        {VIEWS.map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={filters.view === view}
            className="view-button"
            onClick={() => {
              onFilters({ ...filters, view });
            }}
          >
            {VIEW_WORDS[view]}
            {view === "today" && <OverdueCount tasks={tasks} />}
          </button>
        ))}
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <div className="relative min-w-0 flex-1 basis-52">
          <Icon
            name="search"
            className="pointer-events-none absolute top-1/2 left-3 size-5 -translate-y-1/2 text-ink-soft"
          />
          <input
            id={SEARCH_FIELD}
            type="search"
            aria-label="Search your tasks"
            placeholder="Search"
            dir="auto"
            className="field ps-10"
            value={filters.search}
            onChange={(event) => {
              onFilters({ ...filters, search: event.target.value });
            }}
          />
        </div>
        <button
          type="button"
          className="button-quiet min-h-11 gap-2 sm:hidden"
          aria-expanded={more}
          onClick={() => {
            setMore(!more);
          }}
        >
          <Icon name="filter" />
          Order and filter
        </button>
        <div className={`min-w-0 gap-2 max-sm:basis-full sm:flex ${more ? "flex" : "hidden"}`}>
          <select
            aria-label="Order"
            className="field-small min-h-11 max-sm:flex-1"
            value={filters.sort}
            onChange={(event) => {
              const sort = SORTS.find((each) => each === event.target.value) ?? "due_date";
              onFilters({ ...filters, sort });
            }}
          >
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {SORT_WORDS[sort]}
              </option>
            ))}
          </select>
          <select
            aria-label="Priorities to show"
            className="field-small min-h-11 max-sm:flex-1"
            value={filters.priority}
            onChange={(event) => {
              const priority = PRIORITIES.find((each) => each === event.target.value) ?? "any";
              onFilters({ ...filters, priority });
            }}
          >
            <option value="any">Any priority</option>
            {PRIORITIES.map((priority) => (
              <option key={priority} value={priority}>
                {PRIORITY_WORDS[priority]}
              </option>
            ))}
          </select>
        </div>
      </div>
    </div>
  );
}

/** How much of what is due today should have been done before. */
function OverdueCount({ tasks }: { tasks: readonly Task[] | undefined }) {
  const clock = useClock();
  const count = useMemo(
    () => tasks?.filter((task) => dueGroup(task, clock) === "overdue").length ?? 0,
    [tasks, clock],
  );
  if (count === 0) return null;
  return (
    <span className="ml-1.5 rounded-full bg-bad-wash px-1.5 text-xs text-bad">
      {count}
      <span className="sr-only"> overdue</span>
    </span>
  );
}
