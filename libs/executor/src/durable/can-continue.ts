// Whether an execution may go on with a changed flow: the semantic difference of the flows, seen by what
// the execution has begun.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import { diffFlows, verdictForExecution, type DiffOptions, type FlowIR } from '@basalt/ir';
import { isAccepted } from '@basalt/validator';
import type { RunRecord } from './run-journal.js';

/** continue: with the changed flow. pinned: only with the old one (DUR110). refused: the flows may not
 * even be executed side by side (DUR111). */
export type Continuation =
  | { readonly kind: 'continue' }
  | { readonly kind: 'pinned' | 'refused'; readonly finding: Diagnostic };

const OPTIONS: DiffOptions = {
  schemaAccepts: (wide, narrow) => isAccepted(narrow, wide).kind === 'accepted',
};

/** Says how an execution of `before` with this history stands to `after`. */
export function canContinue(
  before: FlowIR,
  after: FlowIR,
  history: readonly RunRecord[],
): Continuation {
  const diff = diffFlows(before, after, OPTIONS);
  const begun = new Set(history.flatMap((record) => ('alias' in record ? [record.alias] : [])));
  const places = diff.changes.flatMap(({ nodes }) => nodes);
  const started = new Set(places.filter((place) => isStarted(before, place, begun)));
  const verdict = verdictForExecution(diff, started);
  if (verdict === 'continue') return { kind: 'continue' };
  const causes = diff.changes.filter(
    (change) =>
      change.verdict === verdict &&
      (verdict === 'refuse' ||
        change.nodes.length === 0 ||
        change.nodes.some((place) => started.has(place))),
  );
  const reason = causes
    .map(({ part, name, kind, reason: why }) => `${part} ${name || before.name} is ${kind}: ${why}`)
    .join('; ');
  return verdict === 'refuse'
    ? { kind: 'refused', finding: diagnostic.DUR111({ reason }) }
    : { kind: 'pinned', finding: diagnostic.DUR110({ reason }) };
}

/** A subflow has begun with the first of its nodes, and a nested node is known by its last name: rather
 * one too many is taken as begun. */
function isStarted(flow: FlowIR, place: string, begun: ReadonlySet<string>): boolean {
  const [first, ...inner] = place.split('/') as [string, ...string[]];
  if (inner.length > 0) return begun.has(inner.at(-1)!);
  if (begun.has(first)) return true;
  const node = flow.nodes.find(({ alias }) => alias === first);
  if (node?.subflow === undefined) return false;
  return aliasesIn(flow.subflows?.[node.subflow]).some((alias) => begun.has(alias));
}

function aliasesIn(flow: FlowIR | undefined): readonly string[] {
  if (flow === undefined) return [];
  const nested = Object.values(flow.subflows ?? {}).flatMap(aliasesIn);
  return [...flow.nodes.map(({ alias }) => alias), ...nested];
}
