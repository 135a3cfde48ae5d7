export { forwardMcp as DELETE, forwardMcp as GET, forwardMcp as POST } from "@/server/forward-mcp";
