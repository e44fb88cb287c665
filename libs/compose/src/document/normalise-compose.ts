// The normaliser: a compose as people write it becomes its canonical form. A pure function of the data; what
// is already canonical stays as it is.
//
//   in   k: "="            k: "$.k"
//   out  k: "="            k: "k"
//        k?: v             k: {__lcod_optional__: true, value: v}
//        ...: src | list   __lcod_spreads__: [{source: src}]
//        ...k: "="         source "$.k"
//        ...: "="          source "__lcod_state__" (in), "__lcod_result__" (out)
//   slots (or children)    a list is {body: list}; one step is a list of one
import { diagnostic, nearestWord, type Diagnostic } from '@basalt/diagnostics';
import { formatPointer, valuesEqual, type Value } from '@basalt/ir';
import {
  OPTIONAL,
  RESULT,
  SPREADS,
  STATE,
  STEP_KEYS,
  type CanonicalStep,
  type ComposePath,
  type Mapping,
  type Spread,
} from './compose-model.js';
import { pathProblem } from './path-text.js';
import { isMap, kindOf, type ValueMap } from './plain-values.js';
import { isStep } from './step-data.js';

/** How deep slots may be nested. */
export const MAX_SLOT_DEPTH = 64;

export interface NormalisedCompose {
  readonly steps: readonly CanonicalStep[];
  /** Placed by pointer; empty where everything was understood. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Normalises a document with the key `compose`, or a bare list of steps. `path` is where it stands in a
 * larger document. Never throws; steps that are not understood are left out and told. */
export function normaliseCompose(document: Value, path: ComposePath = []): NormalisedCompose {
  const normaliser = new Normaliser();
  const steps = normaliser.document(document, path);
  return { steps, diagnostics: normaliser.diagnostics };
}

type Side = 'in' | 'out' | 'let';

class Normaliser {
  readonly diagnostics: Diagnostic[] = [];

  document(document: Value, path: ComposePath): readonly CanonicalStep[] {
    if (Array.isArray(document)) return this.steps(document, path, 0);
    const steps = isMap(document) ? document['compose'] : undefined;
    if (!Array.isArray(steps)) {
      const found = kindOf(isMap(document) ? steps : document);
      this.report(diagnostic.COMP002({ found }, place(path)));
      return [];
    }
    for (const key of Object.keys(document as ValueMap)) {
      if (key !== 'compose') this.unknownKey(key, ['compose'], [...path, key]);
    }
    return this.steps(steps, [...path, 'compose'], 0);
  }

  private steps(
    list: readonly Value[],
    path: ComposePath,
    depth: number,
  ): readonly CanonicalStep[] {
    if (depth > MAX_SLOT_DEPTH) {
      this.report(diagnostic.COMP007({ depth: MAX_SLOT_DEPTH }, place(path)));
      return [];
    }
    return list.flatMap((step, index) => this.step(step, [...path, index], depth) ?? []);
  }

  private step(step: Value, path: ComposePath, depth: number): CanonicalStep | undefined {
    const call = isMap(step) ? step['call'] : undefined;
    const isCall = typeof call === 'string' && call !== '';
    if (!isMap(step) || !(isCall || (call === undefined && step['let'] !== undefined))) {
      const found = isMap(step) ? `call is ${kindOf(call)}` : `it is ${kindOf(step)}`;
      this.report(diagnostic.COMP003({ found }, place(path)));
      return undefined;
    }
    for (const key of Object.keys(step)) {
      if (!STEP_KEYS.includes(key)) this.unknownKey(key, STEP_KEYS, [...path, key]);
    }
    const given = (side: Side) => this.mapping(step[side], side, [...path, side]);
    const [bound, input, output] = [given('let'), given('in'), given('out')];
    const slots = this.slots(step, path, depth);
    const collectPath = this.collectPath(step['collectPath'], path);
    return {
      ...(isCall ? { call } : {}),
      ...(bound === undefined ? {} : { let: bound }),
      ...(input === undefined ? {} : { in: input }),
      ...(output === undefined ? {} : { out: output }),
      ...(slots === undefined ? {} : { slots }),
      ...(collectPath === undefined ? {} : { collectPath }),
    };
  }

  private collectPath(given: Value | undefined, path: ComposePath): string | undefined {
    if (given === undefined || given === null) return undefined;
    if (typeof given === 'string') {
      this.paths(given, [...path, 'collectPath']);
      return given;
    }
    this.wrong('collectPath', 'a path such as "$.total"', given, [...path, 'collectPath']);
    return undefined;
  }

  private slots(step: ValueMap, path: ComposePath, depth: number): CanonicalStep['slots'] {
    const [slots, children] = [step['slots'] ?? undefined, step['children'] ?? undefined];
    if (slots !== undefined && children !== undefined && !valuesEqual(slots, children)) {
      this.report(diagnostic.COMP009({}, place([...path, 'children'])));
    }
    const key = slots === undefined ? 'children' : 'slots';
    const given = slots ?? children;
    if (given === undefined) return undefined;
    const at = [...path, key];
    if (Array.isArray(given)) return { body: this.steps(given, at, depth + 1) };
    if (!isMap(given)) {
      this.wrong(key, 'a list of steps, or a map from slot names to lists', given, at);
      return undefined;
    }
    const named: Record<string, readonly CanonicalStep[]> = {};
    for (const [name, body] of Object.entries(given)) {
      if (!this.isName(name, [...at, name])) continue;
      if (body === null) named[name] = [];
      else if (Array.isArray(body)) named[name] = this.steps(body, [...at, name], depth + 1);
      else if (isMap(body)) named[name] = this.steps([body], [...at, name], depth + 1);
      else this.wrong(`slot ${name}`, 'a list of steps', body, [...at, name]);
    }
    return named;
  }

  private mapping(given: Value | undefined, side: Side, path: ComposePath): Mapping | undefined {
    if (given === undefined || given === null) return undefined;
    if (!isMap(given)) {
      this.wrong(side, 'a map', given, path);
      return undefined;
    }
    const entries: Record<string, Value> = {};
    const spreads: Spread[] = [];
    for (const [key, value] of Object.entries(given)) {
      const at = [...path, key];
      if (key === SPREADS) spreads.push(...this.spreads(value, side, '', at));
      else if (key.startsWith('...')) spreads.push(...this.spreads(value, side, key.slice(3), at));
      else this.entry(entries, key, value, side, at);
    }
    return spreads.length === 0
      ? entries
      : { [SPREADS]: spreads as unknown as readonly Value[], ...entries };
  }

  private entry(
    entries: Record<string, Value>,
    key: string,
    value: Value,
    side: Side,
    at: ComposePath,
  ): void {
    const isOptional = key.endsWith('?') && key.length > 1;
    const name = isOptional ? key.slice(0, -1) : key;
    if (!this.isName(name, at)) return;
    const template = value === '=' ? (side === 'out' ? name : `$.${name}`) : value;
    if (side !== 'out' && name !== 'bindings') this.paths(template, at);
    if (side === 'out' && !isResultKey(template)) {
      this.wrong(`out ${name}`, 'the name of a key of the result, or "$"', value, at);
      return;
    }
    entries[name] = isOptional ? { [OPTIONAL]: true, value: template } : template;
  }

  private spreads(given: Value, side: Side, name: string, path: ComposePath): readonly Spread[] {
    const list = Array.isArray(given) ? (given as readonly Value[]) : [given];
    return list.flatMap((one, i) => {
      const at = Array.isArray(given) ? [...path, i] : path;
      return this.spread(one, side, name, at) ?? [];
    });
  }

  private spread(one: Value, side: Side, name: string, at: ComposePath): Spread | undefined {
    if (one === '=') {
      return { source: name !== '' ? `$.${name}` : side === 'out' ? RESULT : STATE };
    }
    if (typeof one === 'string') return { source: one };
    if (!isMap(one)) {
      this.wrong('a spread', 'a source, or a map with source, optional and pick', one, at);
      return undefined;
    }
    const { optional = false, pick } = one;
    const source = one['source'] ?? one['path'];
    const isPick =
      pick === undefined ||
      (Array.isArray(pick) && pick.every((key) => typeof key === 'string' && key !== '__proto__'));
    if (source === undefined || typeof optional !== 'boolean' || !isPick) {
      this.wrong('a spread', 'a source, with a boolean optional and a list of names pick', one, at);
      return undefined;
    }
    const named: Value = source === '=' && name !== '' ? `$.${name}` : source;
    return {
      source: named === '=' ? (side === 'out' ? RESULT : STATE) : named,
      ...(optional ? { optional } : {}),
      ...(pick === undefined ? {} : { pick: pick as readonly string[] }),
    };
  }

  /** Warns of paths in a template that can lead nowhere. */
  private paths(template: Value, at: ComposePath): void {
    if (typeof template === 'string') {
      const problem = pathProblem(template);
      if (problem === undefined) return;
      this.report(diagnostic.COMP008({ path: template, problem }, place(at)));
    } else if (Array.isArray(template)) {
      template.forEach((item: Value, i) => this.paths(item, [...at, i]));
    } else if (isMap(template) && !isStep(template)) {
      for (const [key, value] of Object.entries(template)) {
        if (key !== 'bindings') this.paths(value, [...at, key]);
      }
    }
  }

  private isName(name: string, at: ComposePath): boolean {
    if (name !== '' && name !== '__proto__') return true;
    this.report(diagnostic.COMP006({ name: JSON.stringify(name) }, place(at)));
    return false;
  }

  private unknownKey(key: string, known: readonly string[], at: ComposePath): void {
    const near = nearestWord(key, known);
    const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
    this.report(diagnostic.COMP005({ key, hint }, place(at)));
  }

  private wrong(part: string, wanted: string, found: Value, at: ComposePath): void {
    this.report(diagnostic.COMP004({ part, wanted, found: kindOf(found) }, place(at)));
  }

  private report(finding: Diagnostic): void {
    this.diagnostics.push(finding);
  }
}

/** What may stand in `out`: a key, or an optional key in its canonical form. */
function isResultKey(template: Value): boolean {
  if (typeof template === 'string') return true;
  return isMap(template) && template[OPTIONAL] === true && typeof template['value'] === 'string';
}

function place(path: ComposePath): { readonly pointer: string } {
  return { pointer: formatPointer(path) };
}
