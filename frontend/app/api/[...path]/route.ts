// One handler for every method: which of them an address takes is said in forwarded-paths.ts.
export {
  forward as DELETE,
  forward as GET,
  forward as PATCH,
  forward as POST,
  forward as PUT,
} from "@/server/forward";
