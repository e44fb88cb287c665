import { parsePolicy } from './parse-policy.js';

const findings = (text: string) =>
  parsePolicy(text, 'policy.yaml').diagnostics.map(({ code, message, location }) => [
    code,
    message,
    location?.line,
    location?.column,
  ]);

describe('parsePolicy', () => {
  it('reads a whole policy, in YAML and in JSON', () => {
    const yaml = `
version: 1
capabilities: { deny: ["resource::queue::*"] }
egress:
  allow: ["*.example.com"]
effects: { max: read_only }
determinism: { max: stable }
rules:
  - name: timeouts
    when: node.kind == "activity"
    deny: "!has(node.timeout_ms)"
    message: activities need a limit
    severity: warning
  - { name: size, deny: flow.node_count > 100 }
  - { name: lossy, deny: 'edge.delivery == "at_most_once"' }
`;
    const { policy, diagnostics } = parsePolicy(yaml, 'policy.yaml');
    expect(diagnostics).toEqual([]);
    expect({
      ...policy,
      rules: policy?.rules.map(({ name, about, severity }) => [name, about, severity]),
    }).toEqual({
      file: 'policy.yaml',
      capabilities: { deny: ['resource::queue::*'] },
      egress: { allow: ['*.example.com'], deny: [] },
      maxEffects: 'read_only',
      maxDeterminism: 'stable',
      rules: [
        ['timeouts', 'node', 'warning'],
        ['size', 'flow', 'error'],
        ['lossy', 'edge', 'error'],
      ],
    });
    expect(parsePolicy('{"version":1}', 'p.json').policy).toEqual({
      file: 'p.json',
      capabilities: { deny: [] },
      egress: { deny: [] },
      rules: [],
    });
  });

  it.each([
    ['', 'the file must be a value of type object', 1, 1],
    ['[]', 'the file must be a value of type object', 1, 1],
    ['version: 2', 'version must be 1', 1, 1],
    ['capabilities: {}', 'the key version is missing', 1, 1],
    [
      'version: 1\nefects: { max: pure }',
      'the key efects is not known here (known: version, capabilities, egress, effects, determinism, rules)',
      2,
      1,
    ],
    ['version: 1\neffects:\n  max: write', 'max must be pure or read_only or effectful', 3, 3],
    [
      'version: 1\ncapabilities:\n  deny: resource::kv',
      'deny must be a value of type array (maxItems 1000)',
      3,
      3,
    ],
    [
      'version: 1\nrules: [{ name: a, deny: false }]',
      'deny must be true or a value of type string (minLength 1, maxLength 2000)',
      2,
      20,
    ],
    [
      'version: 1\nrules:\n  - { name: a, deny: true }\n  - { name: a, deny: true }',
      'the rule name a is used twice',
      4,
      7,
    ],
    [
      'version: 1\n__proto__: 3',
      'the key __proto__ is not known here (known: version, capabilities, egress, effects, determinism, rules)',
      2,
      1,
    ],
  ])('refuses %j', (text, reason, line, column) => {
    expect(findings(text)).toEqual([
      ['POL105', `The policy file is not valid: ${reason}.`, line, column],
    ]);
  });

  it.each([
    ['broken YAML', 'version: [1'],
    ['a key twice', 'version: 1\nversion: 1'],
    ['aliases', 'version: &a 1\nrules: *a'],
    ['deep nesting', '['.repeat(50_000)],
    ['a huge text', 'x'.repeat(1_000_001)],
    ['several documents', 'version: 1\n---\nversion: 1'],
  ])('refuses %s with one placed finding', (_, text) => {
    const { policy, diagnostics } = parsePolicy(text, 'p.yaml');
    expect(policy).toBeUndefined();
    expect(diagnostics.map(({ code, location }) => [code, location?.file])).toEqual([
      ['POL105', 'p.yaml'],
    ]);
  });

  it.each([
    ['node.alais == "a"', 'No such key: alais'],
    ['node.alias + 1 == 2', 'no such overload: string + int'],
    ['node.', 'Expected IDENTIFIER, got EOF'],
    ['1 + 1', 'it is of type int, and a bool is needed'],
    ['secrets == "x"', 'Unknown variable: secrets'],
    [
      'node.alias.matches("(a+)+$")',
      'matches is not offered; use startsWith, endsWith, contains or ==',
    ],
    ['[1].all(a, [1].all(b, [1].all(c, a + b + c > 0)))', 'its loops are nested more than twice'],
  ])('refuses the expression %j when the file is read', (deny, reason) => {
    const text = JSON.stringify({ version: 1, rules: [{ name: 'r', deny }] });
    expect(findings(text)).toEqual([
      [
        'POL104',
        `The policy rule r could not be evaluated: ${reason}.`,
        1,
        text.indexOf('"deny"') + 1,
      ],
    ]);
  });

  it('refuses expression bombs', () => {
    const bombs = [
      `${'('.repeat(900)}true${')'.repeat(900)}`,
      Array.from({ length: 300 }, () => 'true').join('&&'),
      `${'!'.repeat(1_000)}true`,
      `size([${'1,'.repeat(400)}1]) > 0`,
    ];
    for (const deny of bombs) {
      const text = JSON.stringify({ version: 1, rules: [{ name: 'r', deny }] });
      expect(findings(text).map(([code]) => code)).toEqual(['POL104']);
    }
  });
});
