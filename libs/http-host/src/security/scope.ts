// What a token may do: `flow:NAME:ACTION` for one flow, `flow:*:ACTION` for every flow, `host:ACTION`
// for what belongs to no flow, and `*` for everything. ACTION may be `*` as well.

/** What can be done with a flow: start it and give its runs events, see its runs, stop
 * its runs. */
export const FLOW_ACTIONS = ['run', 'view', 'cancel'] as const;
export type FlowAction = (typeof FLOW_ACTIONS)[number];

/** What can be done with the host itself: read its measurements. */
export const HOST_ACTIONS = ['metrics'] as const;
export type HostAction = (typeof HOST_ACTIONS)[number];

/** One scope, parsed. `undefined` stands for `*`: any. */
export interface Scope {
  readonly on: 'flow' | 'host' | 'everything';
  readonly flow: string | undefined;
  readonly action: string | undefined;
}

function word(text: string): string | undefined {
  return text === '*' ? undefined : text;
}

/** The parsed scope, or undefined where `text` is none. Flow names may hold colons. */
export function parseScope(text: string): Scope | undefined {
  if (text === '*') return { on: 'everything', flow: undefined, action: undefined };
  const host = /^host:(\*|[a-z]+)$/.exec(text);
  if (host !== null) {
    const action = word(host[1]!);
    const known = action === undefined || (HOST_ACTIONS as readonly string[]).includes(action);
    return known ? { on: 'host', flow: undefined, action } : undefined;
  }
  const flow = /^flow:(.+):(\*|[a-z]+)$/s.exec(text);
  if (flow === null) return undefined;
  const action = word(flow[2]!);
  const known = action === undefined || (FLOW_ACTIONS as readonly string[]).includes(action);
  return known ? { on: 'flow', flow: word(flow[1]!), action } : undefined;
}

/** Whether one of `scopes` allows `action` on the flow of that name. */
export function allowsFlow(scopes: readonly Scope[], flow: string, action: FlowAction): boolean {
  return scopes.some(
    (scope) =>
      scope.on === 'everything' ||
      (scope.on === 'flow' &&
        (scope.flow === undefined || scope.flow === flow) &&
        (scope.action === undefined || scope.action === action)),
  );
}

/** Whether one of `scopes` allows `action` on the host itself. */
export function allowsHost(scopes: readonly Scope[], action: HostAction): boolean {
  return scopes.some(
    (scope) =>
      scope.on === 'everything' ||
      (scope.on === 'host' && (scope.action === undefined || scope.action === action)),
  );
}
