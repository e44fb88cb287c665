// What is wrong with a compose before it runs: calls that nothing answers, slots that are missing or that
// nobody runs, break and continue without a loop.
import { diagnostic, DiagnosticError, nearestWord, type Diagnostic } from '@basalt/diagnostics';
import { formatPointer } from '@basalt/ir';
import type { CanonicalStep, ComposePath } from '../document/compose-model.js';
import type { NormalisedCompose } from '../document/normalise-compose.js';
import { ComposeError } from '../run/compose-error.js';
import type { Registry } from '../run/registry.js';
import { SLOT_RULES } from './slots-of-operators.js';

/** Findings by pointer, in the order of the steps. `registry` answers what can be called; components that it
 * has to load are loaded. */
export async function checkCompose(
  compose: NormalisedCompose,
  registry: Registry,
): Promise<readonly Diagnostic[]> {
  const check = new ComposeCheck(registry);
  await check.steps(compose.steps, ['compose'], false);
  return check.findings;
}

const LOOPS = ['lcod://flow/foreach', 'lcod://flow/while'];
const SIGNALS = ['lcod://flow/break', 'lcod://flow/continue'];

class ComposeCheck {
  readonly findings: Diagnostic[] = [];
  /** Calls that were looked up: undefined where the call is answered. */
  private readonly known = new Map<string, Diagnostic | undefined>();

  constructor(private readonly registry: Registry) {}

  async steps(steps: readonly CanonicalStep[], path: ComposePath, inLoop: boolean): Promise<void> {
    for (const [i, step] of steps.entries()) await this.step(step, [...path, i], inLoop);
  }

  private async step(step: CanonicalStep, path: ComposePath, inLoop: boolean): Promise<void> {
    const { call, slots = {} } = step;
    if (call === undefined) return;
    const base = call.replace(/@[^@]*$/, '');
    const problem = await this.callProblem(call);
    if (problem !== undefined) this.report({ ...problem, location: at([...path, 'call']) });
    if (SIGNALS.includes(base) && !inLoop && mayJudge(path)) {
      const signal = base.slice('lcod://flow/'.length);
      this.report(diagnostic.COMP111({ signal }, at(path)));
    }
    this.slots(call, base, Object.keys(slots), path);
    for (const [name, body] of Object.entries(slots)) {
      const isLoop = inLoop || LOOPS.includes(base);
      await this.steps(body, [...path, 'slots', name], isLoop);
    }
  }

  private async callProblem(call: string): Promise<Diagnostic | undefined> {
    if (this.known.has(call)) return this.known.get(call);
    const problem = await this.lookUp(call);
    this.known.set(call, problem);
    return problem;
  }

  private async lookUp(call: string): Promise<Diagnostic | undefined> {
    try {
      await this.registry.find(call);
      return undefined;
    } catch (error) {
      // A component that is there and broken: its first finding, at the step that calls it.
      if (error instanceof DiagnosticError) return error.diagnostic;
      const { code } = ComposeError.from(error);
      if (code === 'COMP105') return diagnostic.COMP105({ contract: call, chain: 'its bindings' });
      if (code === 'COMP102') return diagnostic.COMP102({ id: call });
      if (code !== 'COMP101') throw error;
      const near = nearestWord(call, this.registry.ids());
      return diagnostic.COMP101(
        { id: call },
        undefined,
        near === undefined ? {} : { help: `Did you mean ${near}?` },
      );
    }
  }

  private slots(call: string, base: string, filled: readonly string[], path: ComposePath): void {
    const rules = Object.hasOwn(SLOT_RULES, base) ? SLOT_RULES[base] : undefined;
    if (rules === undefined) return;
    for (const slot of rules.required) {
      if (!filled.includes(slot)) this.report(diagnostic.COMP103({ slot, call }, at(path)));
    }
    const known = [...rules.required, ...rules.optional];
    for (const slot of filled) {
      if (known.includes(slot)) continue;
      const takes = known.length === 0 ? 'takes no slots' : `takes ${known.join(', ')}`;
      this.report(diagnostic.COMP118({ call, slot, takes }, at([...path, 'slots', slot])));
    }
  }

  private report(finding: Diagnostic): void {
    this.findings.push(finding);
  }
}

/** Slots of components may run inside a loop of the component: only what is not in such a slot is certain. */
function mayJudge(path: ComposePath): boolean {
  return !path.includes('slots');
}

function at(path: ComposePath): { readonly pointer: string } {
  return { pointer: formatPointer(path) };
}
