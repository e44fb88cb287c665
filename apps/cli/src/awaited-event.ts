// Events on the command line, for flows that wait: CHECKPOINT:KEY=JSON.
import { diagnostic } from '@basalt/diagnostics';
import type { Run, RunObserver, RunResult } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import { UsageError } from './usage-error.js';

export interface AwaitedEvent {
  readonly checkpoint: string;
  readonly key: string;
  readonly value: Value;
}

/** Throws UsageError on anything that is not CHECKPOINT:KEY=JSON. */
export function parseAwaitedEvents(texts: readonly string[]): readonly AwaitedEvent[] {
  return texts.map(parseAwaitedEvent);
}

function parseAwaitedEvent(text: string): AwaitedEvent {
  const match = /^([^:=]+):([^=]+)=(.*)$/s.exec(text);
  const form = 'An event is CHECKPOINT:KEY=JSON, such as approval:e-1={"approved":true}.';
  if (match === null) throw new UsageError(`--event ${text} is not an event.`, form);
  const [, checkpoint = '', key = '', json = ''] = match;
  try {
    return { checkpoint, key, value: JSON.parse(json) as Value };
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`The event ${checkpoint}:${key} is not valid JSON: ${message}.`, form);
  }
}

/** Hands the events of the command line to one execution as it asks for them. An execution that asks
 * for another one has nobody to answer it, and is ended with a finding. */
export class EventFeed implements RunObserver {
  readonly #left: Set<AwaitedEvent>;
  #run: Run | undefined;
  #unanswered: { checkpoint: string; key: string } | undefined;

  constructor(events: readonly AwaitedEvent[]) {
    this.#left = new Set(events);
  }

  waiting(): void {
    queueMicrotask(() => this.#answer());
  }

  serve(run: Run): void {
    this.#run = run;
    this.#answer();
  }

  /** The result, with the finding that says what was waited for in vain. */
  async resultOf(run: Run): Promise<RunResult> {
    const result = await run.result;
    if (this.#unanswered === undefined) return result;
    return { ...result, status: 'failed', diagnostics: [diagnostic.CLI009(this.#unanswered)] };
  }

  #answer(): void {
    const run = this.#run;
    if (run === undefined || this.#unanswered !== undefined) return;
    for (const { checkpointId: checkpoint, correlationKey } of run.waiting()) {
      const key = String(correlationKey);
      const event = [...this.#left].find((e) => e.checkpoint === checkpoint && e.key === key);
      if (event === undefined) {
        this.#unanswered = { checkpoint, key };
        void run.cancel(`nobody sends the event ${checkpoint}:${key}`);
        return;
      }
      this.#left.delete(event);
      run.resume(checkpoint, correlationKey, event.value);
    }
  }
}
