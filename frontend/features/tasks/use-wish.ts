import { useState } from "react";
import { wishQuery, type Wish } from "./views";

/** What is asked of the list, kept in the page's address: a reload or signing in again shows it. */
export function useWish(first: Wish): [Wish, (wish: Wish) => void] {
  const [wish, setWish] = useState(first);
  return [
    wish,
    (next) => {
      setWish(next);
      const address = new URL(window.location.href);
      const query = new URLSearchParams(wishQuery(next));
      // What others keep in the address stays there.
      if (address.searchParams.has("assistant")) query.set("assistant", "open");
      address.search = query.toString();
      window.history.replaceState(window.history.state, "", address);
    },
  ];
}
