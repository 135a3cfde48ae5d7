/** One value for each of the two applications. */
export interface PerApplication<T> {
  frontend: T;
  backend: T;
}
