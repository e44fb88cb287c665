import type { JsonSchema } from '@basalt/ir';
import { buildFlow, node } from '../testing/build-flow.js';
import { expectFindingsOf } from '../testing/expect-findings.js';

const codes = ['DAG341'];
const flowWith = (params: Record<string, unknown>, params_schema: JsonSchema) =>
  buildFlow({ nodes: ['start', node('a', { params, params_schema })], edges: ['start -> a'] });
const retries = { type: 'object', properties: { retries: { type: 'integer', minimum: 1 } } };

describe('valid-params', () => {
  it('reports values that do not match', () => {
    expectFindingsOf(codes, flowWith({ retries: '3' }, retries), [
      {
        code: 'DAG341',
        message: 'The parameter retries of node a does not match its schema: it must be integer.',
        pointer: '/nodes/1/params/retries',
      },
    ]);
    const required = { ...retries, required: ['region'] };
    expectFindingsOf(codes, flowWith({ retries: 3 }, required), [
      {
        code: 'DAG341',
        message:
          'The parameter retries of node a does not match its schema: it must have required properties region.',
        pointer: '/nodes/1/params',
      },
    ]);
    expectFindingsOf(codes, flowWith({ x: 1 }, false), [
      {
        code: 'DAG341',
        message: 'The parameter x of node a does not match its schema: no value is allowed.',
        pointer: '/nodes/1/params',
      },
    ]);
  });

  it('reports a default of the flow that does not match', () => {
    const schema = { type: 'string' };
    const params = { region: { schema, default: 7 }, zone: { schema } };
    expectFindingsOf(codes, buildFlow({ params }), [
      {
        code: 'DAG341',
        message: 'The parameter region of flow flow does not match its schema: it must be string.',
        pointer: '/params/region/default',
      },
    ]);
  });

  test.each<[JsonSchema]>([
    [true],
    [retries],
    [{ $ref: '#' }],
    [{ properties: { retries: { pattern: '(' } } }],
  ])('accepts %j', (schema) => expectFindingsOf(codes, flowWith({ retries: 3 }, schema), []));
});
