export { closeSession as DELETE, openSession as POST, showSession as GET } from "@/server/session";
