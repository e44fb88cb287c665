// Relative ids: whatever does not start with `lcod://` stands for a component of the package that the compose
// is part of. They are made whole in calls, slots, bindings, and in steps that are passed on as data.
import { diagnostic, type Diagnostic } from '@basalt/diagnostics';
import { formatPointer, type Value } from '@basalt/ir';
import { segmentProblem, splitVersion } from '../descriptors/component-id.js';
import { STEP_KEYS, type CanonicalStep, type ComposePath } from '../document/compose-model.js';
import { isMap, type ValueMap } from '../document/plain-values.js';

/** The package that relative ids belong to. */
export interface IdContext {
  /** Id of the package without its version. */
  readonly base: string;
  readonly version: string | undefined;
  /** What the first segment of a relative id stands for. */
  readonly aliases: Readonly<Record<string, string>>;
}

const SCHEME = 'lcod://';
const SEGMENT = /^[a-z0-9_.-]+$/;

/** The whole id, or why there is none. Whole ids stay as they are. */
export function wholeId(
  id: string,
  context: IdContext | undefined,
): { readonly id: string } | { readonly problem: Diagnostic } {
  if (id.startsWith(SCHEME)) return { id };
  if (context === undefined) {
    const reason = 'there is no lcp.toml beside the compose';
    return { problem: diagnostic.COMP213({ id, reason }) };
  }
  const [path, version] = splitVersion(id.replace(/^(?:\.\/+)+/, ''));
  const [first = '', ...rest] = path.split('/');
  const { aliases } = context;
  const head = Object.hasOwn(aliases, first) ? aliases[first]!.split('/') : [first];
  const segments = [...head, ...rest];
  const problem =
    segmentProblem(segments) ??
    (segments.every((segment) => SEGMENT.test(segment))
      ? undefined
      : 'a segment holds something else than small letters, digits, "_", "." and "-"');
  if (problem !== undefined) return { problem: diagnostic.COMP204({ id, problem }) };
  const written = version ?? context.version ?? '0.0.0';
  return { id: `${context.base}/${segments.join('/')}@${written}` };
}

export interface ResolvedSteps {
  readonly steps: readonly CanonicalStep[];
  /** By pointer. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The same steps with whole ids. */
export function resolveSteps(
  steps: readonly CanonicalStep[],
  context: IdContext | undefined,
  path: ComposePath = ['compose'],
): ResolvedSteps {
  const resolver = new StepResolver(context);
  return { steps: resolver.steps(steps, path), diagnostics: resolver.diagnostics };
}

class StepResolver {
  readonly diagnostics: Diagnostic[] = [];

  constructor(private readonly context: IdContext | undefined) {}

  steps(steps: readonly CanonicalStep[], path: ComposePath): readonly CanonicalStep[] {
    return steps.map((step, i) => this.step(step, [...path, i]));
  }

  private step(step: CanonicalStep, path: ComposePath): CanonicalStep {
    const { call, slots } = step;
    const mapped = (key: 'let' | 'in' | 'out') =>
      step[key] === undefined
        ? {}
        : { [key]: this.entries(step[key] as ValueMap, [...path, key]) as typeof step.in };
    return {
      ...step,
      ...(call === undefined ? {} : { call: this.id(call, [...path, 'call']) }),
      ...mapped('let'),
      ...mapped('in'),
      ...mapped('out'),
      ...(slots === undefined
        ? {}
        : {
            slots: Object.fromEntries(
              Object.entries(slots).map(([name, body]) => [
                name,
                this.steps(body, [...path, 'slots', name]),
              ]),
            ),
          }),
    };
  }

  private data(value: Value, path: ComposePath): Value {
    if (Array.isArray(value)) {
      return (value as readonly Value[]).map((item, i) => this.data(item, [...path, i]));
    }
    return isMap(value) ? this.entries(value, path) : value;
  }

  private entries(map: ValueMap, path: ComposePath): ValueMap {
    const isStepData =
      typeof map['call'] === 'string' && Object.keys(map).every((key) => STEP_KEYS.includes(key));
    return Object.fromEntries(
      Object.entries(map).map(([key, value]) => {
        const at = [...path, key];
        if (key === 'call' && isStepData) return [key, this.id(value as string, at)];
        return [key, key === 'bindings' ? this.bindings(value, at) : this.data(value, at)];
      }),
    );
  }

  /** Maps from contracts to implementations, and lists of {contract, implementation}. Bindings of scripts
   * are maps of maps, and stay. */
  private bindings(value: Value, path: ComposePath): Value {
    if (isMap(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([contract, target]) =>
          typeof target === 'string' && contract.includes('/')
            ? [this.id(contract, [...path, contract]), this.id(target, [...path, contract])]
            : [contract, target],
        ),
      );
    }
    if (!Array.isArray(value)) return value;
    return (value as readonly Value[]).map((item, i) => {
      if (!isMap(item)) return item;
      const entry = { ...item };
      for (const key of ['contract', 'implementation']) {
        const id = entry[key];
        if (typeof id === 'string') entry[key] = this.id(id, [...path, i, key]);
      }
      return entry;
    });
  }

  private id(id: string, path: ComposePath): string {
    const found = wholeId(id, this.context);
    if ('id' in found) return found.id;
    this.diagnostics.push({ ...found.problem, location: { pointer: formatPointer(path) } });
    return id;
  }
}
