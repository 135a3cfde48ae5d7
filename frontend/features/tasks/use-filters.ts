import { useCallback, useEffect, useRef, useState } from "react";
import { filtersQuery, readFilters, type Filters } from "./views";

/** Milliseconds without typing after which words are kept: Safari refuses more than 100 in 30 s. */
const TYPED = 400;

type SetFilters = (next: Filters | ((current: Filters) => Filters)) => void;

/**
 * What is asked of the list, kept in the page's address: a reload or signing in again shows it, and
 * the browser's back button leads to the view before. The setter stays the same.
 */
export function useFilters(first: Filters): [Filters, SetFilters] {
  const [filters, setFilters] = useState(first);
  const current = useRef(first);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    const step = () => {
      const query = new URLSearchParams(window.location.search);
      const there = readFilters(Object.fromEntries(query));
      // Words that were typed a moment ago are not in any address yet.
      const { search } = timer.current === undefined ? there : current.current;
      current.current = { ...there, search };
      setFilters(current.current);
    };
    window.addEventListener("popstate", step);
    return () => {
      window.removeEventListener("popstate", step);
    };
  }, []);

  const set = useCallback<SetFilters>((wanted) => {
    const before = current.current;
    const next = typeof wanted === "function" ? wanted(before) : wanted;
    current.current = next;
    setFilters(next);
    clearTimeout(timer.current);
    timer.current = undefined;
    if (next.view !== before.view) {
      // A state, so that Next.js sees that this step is not one of its own.
      window.history.pushState({ view: next.view }, "", addressFor(next));
    } else {
      timer.current = setTimeout(() => {
        timer.current = undefined;
        window.history.replaceState(window.history.state, "", addressFor(current.current));
      }, TYPED);
    }
  }, []);
  return [filters, set];
}

/** This page's address with other filters; what others keep in it stays. */
function addressFor(filters: Filters): URL {
  const address = new URL(window.location.href);
  const query = new URLSearchParams(filtersQuery(filters));
  for (const [name, value] of address.searchParams) {
    if (!FILTERS.has(name)) query.set(name, value);
  }
  address.search = query.toString();
  return address;
}

const FILTERS = new Set(["view", "sort", "q", "priority"]);
