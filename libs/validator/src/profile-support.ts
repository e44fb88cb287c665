// What each profile cannot honour, and why. A property that is not listed for a profile is honoured
// there; the profile dev honours everything. Respond modes are in the rule respond-mode.
import type { EdgeIR, NodeIR, Profile } from '@basalt/ir';
import { answersCaller } from './answers-caller.js';
import type { FlowIndex, IndexedSurface } from './flow-index.js';
import type { PathStep } from './rule.js';

/** Profile -> why it does not honour the property. */
type Reasons = Readonly<Partial<Record<Exclude<Profile, 'dev'>, string>>>;

/** A property of one kind of part, and how to find it. */
export interface Unsupported<Part> {
  readonly property: string;
  /** Path of the property below the part, where the part declares it. */
  readonly declared: (part: Part, index: FlowIndex) => readonly PathStep[] | undefined;
  readonly reasons: Reasons;
}

const NO_DISK = 'it has no disk';
const NO_NETWORK_STORE = 'it cannot reach a Redis server';
const NO_SCHEDULER = 'it has no scheduler';
const NO_QUEUE = 'it takes nothing from queues';
const NO_JOURNAL = 'it keeps no journal that outlives the process';

const TRIGGER_KIND: readonly PathStep[] = ['trigger', 'kind'];

const cacheTier = (tier: string, reasons: Reasons): Unsupported<NodeIR> => ({
  property: `the cache tier ${tier}`,
  declared: ({ cache }) => (cache?.tier === tier ? ['cache', 'tier'] : undefined),
  reasons,
});

const triggerKind = (kind: string, reasons: Reasons): Unsupported<NodeIR> => ({
  property: `the trigger kind ${kind}`,
  declared: ({ trigger }) => (trigger?.kind === kind ? TRIGGER_KIND : undefined),
  reasons,
});

export const UNSUPPORTED_OF_NODES: readonly Unsupported<NodeIR>[] = [
  cacheTier('disk', { wasm: NO_DISK, metal: NO_DISK }),
  cacheTier('redis', { wasm: NO_NETWORK_STORE, metal: NO_NETWORK_STORE }),
  {
    property: 'the cache',
    declared: ({ kind, cache }) => (kind === 'inline' && cache ? ['cache'] : undefined),
    reasons: {
      temporal: 'an inline node is run again on replay, and a cache may answer differently then',
    },
  },
  triggerKind('cron', { web: NO_SCHEDULER, wasm: NO_SCHEDULER, metal: NO_SCHEDULER }),
  triggerKind('queue', { web: NO_QUEUE, wasm: NO_QUEUE, metal: NO_QUEUE }),
  {
    property: 'the checkpoint',
    declared: ({ checkpoint }) => (checkpoint === undefined ? undefined : ['checkpoint']),
    reasons: { wasm: NO_JOURNAL, metal: NO_JOURNAL },
  },
  {
    property: 'the hint resource::http::write',
    declared: ({ effectHints }) => {
      const nth = effectHints.findIndex((hint) => hint.startsWith('resource::http::write'));
      return nth < 0 ? undefined : ['effectHints', nth];
    },
    reasons: { metal: 'its HTTP client only reads' },
  },
];

export const UNSUPPORTED_OF_EDGES: readonly Unsupported<EdgeIR>[] = [
  {
    property: 'the spill tier',
    declared: ({ buffer }) =>
      buffer.spill_tier === undefined ? undefined : ['buffer', 'spill_tier'],
    reasons: {
      wasm: 'it has no blob store outside its own memory',
      metal: 'it has no blob store outside its own memory',
    },
  },
  {
    property: 'the delivery exactly_once',
    declared: ({ delivery }) => (delivery === 'exactly_once' ? ['delivery'] : undefined),
    reasons: { metal: 'its dedupe store is lost when the machine stops' },
  },
  {
    property: 'the dropping of messages',
    declared: ({ buffer }) =>
      buffer.on_drop?.startsWith('drop_') ? ['buffer', 'on_drop'] : undefined,
    reasons: {
      temporal: 'what is dropped depends on timing, and a replay would drop other messages',
    },
  },
];

export const UNSUPPORTED_OF_SURFACES: readonly Unsupported<IndexedSurface>[] = [
  {
    property: 'the await',
    declared: ({ kind }) => (kind === 'await' ? [] : undefined),
    reasons: { wasm: NO_JOURNAL, metal: NO_JOURNAL },
  },
  {
    property: 'a wait without an end',
    declared: ({ kind, config }, { triggers }) =>
      kind === 'await' && config?.timeout_ms === undefined && triggers.some(isAnswered)
        ? ['config']
        : undefined,
    reasons: { web: 'an HTTP request is not kept open for ever; give the await a timeout_ms' },
  },
];

function isAnswered({ node }: FlowIndex['triggers'][number]): boolean {
  return answersCaller(node);
}
