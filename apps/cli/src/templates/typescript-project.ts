// The files of a new TypeScript flow project.

/** Path -> text. `command` is the npm specifier of the package that holds `flows`. */
export function projectFiles(name: string, command: string): Readonly<Record<string, string>> {
  return {
    'package.json': manifest(name, command),
    'flow.ts': FLOW,
    'flow.test.mjs': TEST,
    'tsconfig.json': TSCONFIG,
    'README.md': readme(name),
    '.gitignore': 'node_modules/\n',
  };
}

function manifest(name: string, command: string): string {
  const content = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    scripts: {
      check: 'flows graph check flow.ts',
      start: 'flows run local flow.ts --payload \'{"name":"Ada"}\'',
      test: 'npm run check && node --test',
    },
    dependencies: { '@basalt/cli': command },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

const FLOW = `// Greets a person. Check it with \`npm run check\`, run it with \`npm start\`.
import { defineFlow, t } from '@basalt/flow-dsl';

const Person = t.Object({ name: t.String({ minLength: 1 }) });
const Greeting = t.Object({ text: t.String() });

export const hello = defineFlow('hello', { version: '1.0.0', profile: 'web' }, (f) => {
  const request = f.trigger('request', {
    output: Person,
    http: { method: 'POST', route: '/hello' },
    deadlineMs: 1000,
  });
  const respond = f.inline('respond', {
    input: Person,
    output: Greeting,
    effects: 'pure',
    determinism: 'strict',
    run: ({ name }) => ({ text: \`Hello, \${name}!\` }),
  });
  f.connect(request, respond);
  f.capture(request, respond);
});
`;

const TEST = `// Runs the flow as a user would.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const run = (payload) =>
  JSON.parse(
    execFileSync('flows', ['run', 'local', 'flow.ts', '--json', '--payload', JSON.stringify(payload)], {
      encoding: 'utf8',
    }),
  );

test('greets by name', () => {
  assert.deepEqual(run({ name: 'Ada' }).result, { text: 'Hello, Ada!' });
});

test('refuses a payload that does not match', () => {
  assert.throws(() => run({ name: 1 }), { status: 1 });
});
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2023",
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true
  },
  "include": ["*.ts"]
}
`;

function readme(name: string): string {
  return `# ${name}

A flow project. \`npm run check\` validates the flow, \`npm start\` runs it, \`npm test\` does both and
compares the results.
`;
}
