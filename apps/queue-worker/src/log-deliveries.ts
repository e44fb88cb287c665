// One line of the log for each delivery that a worker has ended.
import type { Log } from '@basalt/capabilities';
import type { EndedDelivery } from '@basalt/queue';

/** What went wrong or waits is always logged; `all`: the rest too. */
export function logDeliveries(log: Log, all: boolean): (ended: EndedDelivery) => void {
  return ({ delivery, outcome, result }) => {
    const { job, attempt } = delivery;
    if (outcome.kind === 'done' && !all) return;
    const fault = 'reason' in outcome ? outcome.reason : undefined;
    const spent = result === undefined ? {} : { ms: Math.round(result.summary.duration_ms) };
    const fields = {
      job: job.id,
      flow: job.flowName,
      attempt,
      outcome: outcome.kind,
      ...(fault === undefined ? {} : { code: fault.code, reason: fault.message }),
      ...spent,
    };
    log.write(LEVELS[outcome.kind], 'delivery', fields);
  };
}

const LEVELS = { done: 'info', parked: 'info', retry: 'warn', dead: 'error' } as const;
