/** One value for each application; the MCP server has one where it has an image of its own. */
export interface PerApplication<T> {
  frontend: T;
  backend: T;
  mcp?: T;
}
