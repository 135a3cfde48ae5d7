import { useState } from "react";
import { filtersQuery, type Filters } from "./views";

/** What is asked of the list, kept in the page's address: a reload or signing in again shows it. */
export function useFilters(first: Filters): [Filters, (filters: Filters) => void] {
  const [filters, setFilters] = useState(first);
  return [
    filters,
    (next) => {
      setFilters(next);
      const address = new URL(window.location.href);
      const query = new URLSearchParams(filtersQuery(next));
      // What others keep in the address stays there.
      if (address.searchParams.has("assistant")) query.set("assistant", "open");
      address.search = query.toString();
      window.history.replaceState(window.history.state, "", address);
    },
  ];
}
