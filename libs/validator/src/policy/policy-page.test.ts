import { readFileSync } from 'node:fs';
import { readYamlSource } from '@basalt/source-text';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parsePolicy } from './parse-policy.js';
import { hintsPage, policyPage } from './policy-page.js';
import { POLICY_SCHEMA } from './policy-schema.js';

const published = JSON.parse(
  readFileSync(new URL('../../../../schemas/policy.schema.json', import.meta.url), 'utf8'),
) as object;

describe('the published schema of policies', () => {
  it('is the one that files are checked with', () => {
    expect(published).toEqual(POLICY_SCHEMA);
  });

  it('accepts the example of the page, as the reader does', () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(policyPage())?.[1] ?? '';
    expect(parsePolicy(example, 'example.yaml').diagnostics).toEqual([]);
    const source = readYamlSource(example, 'example.yaml');
    if (source.kind === 'broken') throw new Error(source.reason);
    expect(new Ajv2020().validate(published, source.value)).toBe(true);
  });
});

describe('the reference pages', () => {
  it('list every variable and hint', () => {
    expect(policyPage()).toContain('| `node.retry.max_attempts` | int |');
    expect(policyPage()).toContain('| `rules[].deny` |');
    expect(hintsPage()).toContain(
      '| `resource::http::write` | effectful | best_effort | httpWrite |',
    );
  });
});
