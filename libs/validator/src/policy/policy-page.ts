// The reference pages of policies and of resource hints, from the same tables that the checks use.
import { HINT_REGISTRY } from '../hints/hint-registry.js';
import { POLICY_VARIABLES } from './cel-environment.js';
import { POLICY_SCHEMA } from './policy-schema.js';

type Fields = Readonly<Record<string, unknown>>;

const EXAMPLE = `version: 1
capabilities:
  deny: ["resource::queue::*"]
egress:
  allow: ["*.example.com"]
effects: { max: effectful }
determinism: { max: best_effort }
rules:
  - name: activities-have-limits
    when: node.kind == "activity"
    deny: "!has(node.timeout_ms)"
    message: an activity needs timeout_ms
  - name: small-flows
    deny: flow.node_count > 500
    severity: warning
`;

/** docs/reference/policy.md. */
export function policyPage(): string {
  return `# Policy files

Generated from \`libs/validator/src/policy\`. The schema is \`schemas/policy.schema.json\`.

A policy says what flows may do where it is applied. It is written in YAML or JSON, or in TOML when the
file ends in \`.toml\`:

\`\`\`yaml
${EXAMPLE}\`\`\`

A denial wins over a permission; an absent \`allow\` allows all. A file with a mistake gives no policy at
all: POL105 for its shape, POL104 for an expression.

## Keys

| key | what it says | finding |
|---|---|---|
${keyRows().join('\n')}

## Expressions

\`when\` and \`deny\` are expressions of the Common Expression Language that give a bool. A rule that
mentions \`edge\` is asked for each edge, and its \`node\` is the target; one that mentions \`node\` is asked
for each node; any other once for the flow. What is not stated is absent: guard it with \`has(...)\`, or
the rule fails with POL104. Types are checked when the file is read.

An expression has at most 2,000 characters and 500 parts; loops such as \`exists\` nest at most twice, over
lists of at most 1,000 items; \`matches\` is not offered.

| variable | type |
|---|---|
${variableRows('', POLICY_VARIABLES).join('\n')}
`;
}

const CODES: Readonly<Record<string, string>> = {
  capabilities: 'POL101',
  egress: 'POL102',
  effects: 'POL103',
  determinism: 'POL103',
  rules: 'POL106, POL104',
};

function keyRows(): readonly string[] {
  return Object.entries(POLICY_SCHEMA.properties).flatMap(([key, schema]: [string, Fields]) => {
    const row = (name: string, text: unknown, code: string) =>
      `| \`${name}\` | ${String(text ?? '')} | ${code} |`;
    const inner = (schema['properties'] ?? (schema['items'] as Fields)?.['properties']) as
      Readonly<Record<string, Fields>> | undefined;
    const list = schema['items'] === undefined ? '' : '[]';
    const code = CODES[key] ?? 'POL105';
    const own = schema['description'] === undefined ? [] : [row(key, schema['description'], code)];
    const below = Object.entries(inner ?? {}).map(([name, child]) =>
      row(`${key}${list}.${name}`, child['description'], code),
    );
    return [...own, ...below];
  });
}

function variableRows(prefix: string, variables: Fields): readonly string[] {
  return Object.entries(variables).flatMap(([name, type]) =>
    typeof type === 'string'
      ? [`| \`${prefix}${name}\` | ${type} |`]
      : variableRows(`${prefix}${name}.`, type as Fields),
  );
}

/** docs/reference/hints.md. */
export function hintsPage(): string {
  const rows = HINT_REGISTRY.map(
    ({ hint, effects, determinism, capability }) =>
      `| \`${hint}\` | ${effects} | ${determinism} | ${capability ?? ''} |`,
  );
  return `# Resource hints

Generated from \`libs/validator/src/hints\`.

A node names the resources that it uses in \`effectHints\` and \`determinismHints\`. Each hint asks for a
lowest rank of effects and determinism, and grants one capability. A longer hint takes the entry of its
longest prefix of whole \`::\` segments: \`resource::blob::write::archive\` is \`resource::blob::write\`.

| hint | effects, at least | determinism, at least | capability |
|---|---|---|---|
${rows.join('\n')}
`;
}
