// A worker as it is certified: the worker of the queue, with a world that is outside of its process and
// a journal that can be stopped at each commit. Its process is made to be killed.
import type { FlowBundle } from '@basalt/executor';
import {
  createFlowWorker,
  type Delivery,
  type DeliveryOutcome,
  type QueueBackend,
  type QueueWorker,
} from '@basalt/queue';
import { recordedFlow, worldCapabilities } from '../world/recorded-flow.js';
import { LEASE_MS, openCaseStores, type CaseStores } from './case-stores.js';
import { ParentLink } from './parent-link.js';
import { watchedStore } from './watched-journal.js';
import type { CasePlace, ToWorker } from './worker-messages.js';

const CONCURRENCY = 4;

interface OpenCase {
  readonly stores: CaseStores;
  readonly worker: QueueWorker;
}

/** Serves the certifying process that has started this one, until that ends. */
export async function runCertifyWorker(bundle: FlowBundle): Promise<void> {
  const link = new ParentLink();
  let open: OpenCase | undefined;
  // A case is opened and closed in the order in which that was asked for.
  let turn = Promise.resolve();
  const inTurn = (step: () => Promise<void>) => {
    turn = turn.then(step).catch((error: unknown) => {
      link.say({ kind: 'fault', text: textOf(error) });
    });
  };
  const closed = new Promise<void>((resolve) => process.once('disconnect', () => resolve()));
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'answer') return link.answered(message);
    inTurn(async () => {
      if (message.kind === 'open') {
        open = await openCase(bundle, message.place, link);
        return link.say({ kind: 'opened' });
      }
      await open?.worker.close(0);
      await open?.stores.close();
      open = undefined;
      return link.say({ kind: 'closed' });
    });
  });
  // A handler that lets a promise go must not end the process: that is what the ledger shows.
  process.on('unhandledRejection', (error) => link.say({ kind: 'fault', text: textOf(error) }));
  link.say({ kind: 'ready' });
  await closed;
}

async function openCase(bundle: FlowBundle, place: CasePlace, link: ParentLink): Promise<OpenCase> {
  const onFault = (fault: unknown) => link.say({ kind: 'fault', text: textOf(fault) });
  const stores = await openCaseStores(place, onFault);
  const call = (given: Parameters<ParentLink['call']>[0]) => link.call(given);
  const worker = createFlowWorker({
    backend: watchedQueue(stores.queue, link),
    journal: watchedStore(stores.journal, (point) => link.commit(point)),
    flows: [{ bundle: recordedFlow(bundle, call), capabilities: worldCapabilities(call) }],
    worker: { concurrency: CONCURRENCY, visibilityMs: LEASE_MS },
  });
  return { stores, worker };
}

/** The queue, whose failed runs are final: what an effect's repeat in another run would do is tried by
 * duplicates, and attempts are for workers that die. */
function watchedQueue(queue: QueueBackend, link: ParentLink): QueueBackend {
  const watched = (handle: (delivery: Delivery) => Promise<DeliveryOutcome>) => {
    return async (delivery: Delivery): Promise<DeliveryOutcome> => {
      const { job, attempt } = delivery;
      link.say({ kind: 'delivered', job: job.id, attempt });
      const outcome = finalOf(await handle(delivery));
      link.say({ kind: 'ended', job: job.id, outcome: outcome.kind });
      return outcome;
    };
  };
  return new Proxy(queue, {
    get(target, name) {
      if (name === 'work') {
        return (...[handle, options]: Parameters<QueueBackend['work']>) =>
          target.work(watched(handle), options);
      }
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function finalOf(outcome: DeliveryOutcome): DeliveryOutcome {
  if (outcome.kind !== 'retry' || outcome.countsAttempt === false) return outcome;
  return { kind: 'dead', reason: outcome.reason };
}

function textOf(fault: unknown): string {
  return String((fault as { message?: unknown } | undefined)?.message ?? fault);
}
