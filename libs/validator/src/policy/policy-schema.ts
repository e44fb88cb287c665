// The shape of a policy file: the one source of schemas/policy.schema.json and of the checks at load.
import { DETERMINISM, EFFECTS } from '@basalt/ir';

const patterns = (what: string) => ({
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 256 },
  maxItems: 1000,
  description: what,
});

const access = (what: string, allow: string, deny: string) => ({
  type: 'object',
  description: what,
  properties: { allow: patterns(allow), deny: patterns(deny) },
  additionalProperties: false,
});

const most = (what: string, words: readonly string[]) => ({
  type: 'object',
  properties: { max: { enum: [...words], description: what } },
  required: ['max'],
  additionalProperties: false,
});

const expression = (what: string) => ({
  type: 'string',
  minLength: 1,
  maxLength: 2000,
  description: what,
});

/** JSON Schema (draft 2020-12) of a policy file. */
export const POLICY_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://basalt.dev/schemas/policy.schema.json',
  title: 'Basalt policy',
  description: 'What flows may do. A denial wins over a permission; an absent allow allows all.',
  type: 'object',
  properties: {
    version: { const: 1, description: 'Version of this format' },
    capabilities: access(
      'Resource hints of nodes; * stands for any text',
      'Hints that nodes may declare; all when absent',
      'Hints that nodes may not declare',
    ),
    egress: access(
      'Hosts of nodes that use HTTP; *.example.com stands for every name below example.com',
      'Hosts that nodes may list in egress; all when absent. With it, a node that uses HTTP has to list its hosts',
      'Hosts that nodes may not list in egress',
    ),
    effects: most('Highest effects that a node may declare', EFFECTS),
    determinism: most('Highest rank of determinism that a node may declare', DETERMINISM),
    rules: {
      type: 'array',
      maxItems: 200,
      description: 'Further rules, as expressions of the Common Expression Language',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 100, description: 'Unique in the file' },
          when: expression('A bool: where the rule applies; everywhere when absent'),
          deny: {
            anyOf: [{ const: true }, expression('A bool')],
            description: 'A bool: true denies. The word true denies whatever `when` selects',
          },
          message: { type: 'string', maxLength: 500, description: 'Why it is denied' },
          severity: { enum: ['error', 'warning'], description: 'error when absent' },
        },
        required: ['name', 'deny'],
        additionalProperties: false,
      },
    },
  },
  required: ['version'],
  additionalProperties: false,
} as const;
