// Everything that is wrong with a payload, by place, so that a form can show each problem at its field.
import type { NodePlan } from '@basalt/executor';
import type { Value } from '@basalt/ir';
import type { PayloadProblem } from '@basalt/run-viewer';
import { Compile } from 'typebox/compile';

interface SchemaProblem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: {
    readonly requiredProperties?: readonly string[];
    readonly allowedValues?: readonly unknown[];
  };
}

interface CompiledSchema {
  readonly Errors: (value: unknown) => readonly SchemaProblem[];
}

/** Problems that one answer lists. */
const MAX_PROBLEMS = 50;

const compiled = new WeakMap<object, CompiledSchema>();

/** The problems that the trigger's own check has found reason for. */
export function payloadProblems(trigger: NodePlan, schema: unknown, payload: Value) {
  const problem = trigger.checkInput?.(payload);
  if (problem === undefined) return [];
  const found = typeof schema === 'object' && schema !== null ? errorsOf(schema, payload) : [];
  return found.length > 0 ? found : [{ pointer: '', message: problem }];
}

function errorsOf(schema: object, payload: Value): readonly PayloadProblem[] {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = Compile(schema as never) as unknown as CompiledSchema;
    compiled.set(schema, check);
  }
  const errors = check.Errors(payload).flatMap(problemsOf).slice(0, MAX_PROBLEMS);
  // Of several messages about one place the first says most.
  const seen = new Set<string>();
  return errors.filter(({ pointer }) => !seen.has(pointer) && seen.add(pointer));
}

function problemsOf({ keyword, instancePath, message, params }: SchemaProblem): PayloadProblem[] {
  switch (keyword) {
    case 'required':
      return (params.requiredProperties ?? []).map((name) => ({
        pointer: `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        message: 'must be given',
      }));
    case 'additionalProperties':
      return [];
    case 'boolean':
      return [{ pointer: instancePath, message: 'is not expected here' }];
    case 'enum':
    case 'const': {
      const allowed = params.allowedValues?.map((value) => JSON.stringify(value)).join(', ');
      return [
        { pointer: instancePath, message: allowed === undefined ? message : `must be ${allowed}` },
      ];
    }
    default:
      return [{ pointer: instancePath, message }];
  }
}
