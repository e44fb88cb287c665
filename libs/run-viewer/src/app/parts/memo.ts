// A component that is rendered again only when one of its properties is another value.
import { Component, type ComponentChild } from 'preact';

export function memo<P extends object>(render: (props: P) => ComponentChild) {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const last = this.props as Readonly<Record<string, unknown>>;
      const keys = Object.keys(next) as (keyof P & string)[];
      return (
        keys.length !== Object.keys(last).length || keys.some((key) => next[key] !== last[key])
      );
    }

    override render(props: Readonly<P>): ComponentChild {
      return render(props);
    }
  };
}
