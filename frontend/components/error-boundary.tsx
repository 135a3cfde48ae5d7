import { Component, type ReactNode } from "react";

/** Shows `instead` where a part of the page breaks; the rest still works. */
export class ErrorBoundary extends Component<
  { children: ReactNode; instead: (again: () => void) => ReactNode },
  { broken: boolean }
> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return this.props.instead(() => {
      this.setState({ broken: false });
    });
  }
}
