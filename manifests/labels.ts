/** Labels of every object: `app`, which the selectors use, beside Kubernetes's recommended ones. */
export function labels(app: string, component: string): Record<string, string> {
  return {
    app,
    "app.kubernetes.io/name": app,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/part-of": "evolution-of-todo",
  };
}

/** Labels by which Services and workloads find their pods; they can never change, so there is only one. */
export function selector(app: string): Record<string, string> {
  return { app };
}
