// Reads diagnostic-fixtures: one folder a code, with an input that triggers it (bad) and one that
// does not (good). An input is a document (.json), bytes that are no JSON (.txt), or a module (.ts; .js
// where the source of functions is read).
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Profile } from '@basalt/ir';

const EXTENSIONS = ['json', 'txt', 'ts', 'js'];

/** What a host binds: names of capabilities, credentials with their scopes, providers. */
export interface HostBindings {
  readonly capabilities: readonly string[];
  readonly credentials: Readonly<Record<string, readonly string[]>>;
  readonly providers?: readonly {
    readonly name: string;
    readonly capability: string;
    readonly credential?: string;
  }[];
}

/** options.json: what the host adds. */
export interface FixtureOptions {
  readonly profile?: Profile;
  /** What the host binds; nothing is checked against it when absent. */
  readonly bindings?: HostBindings;
  /** Text of policy.yaml, which stands beside the inputs. */
  readonly policy?: string;
  /** Limits of the loader. */
  readonly load?: { readonly maxBytes?: number; readonly maxDepth?: number };
  /** Other codes that the bad input has as well. */
  readonly also?: readonly string[];
}

const OPTIONS = 'options.json';
const POLICY = 'policy.yaml';
const HOST_FILES = [OPTIONS, POLICY, `good.${OPTIONS}`, `good.${POLICY}`];
const OPTION_KEYS = ['profile', 'bindings', 'load', 'also'];

/** The two inputs of one code. */
export interface Fixture {
  readonly code: string;
  readonly bad: string;
  readonly good: string;
  readonly options: FixtureOptions;
  /** good.options.json and good.policy.yaml, where the host makes the difference; else the same. */
  readonly goodOptions: FixtureOptions;
}

/** The folder of all fixtures. */
export const FIXTURES = fileURLToPath(new URL('../diagnostic-fixtures', import.meta.url));

/** Every fixture below `root`, by code; throws an Error that names the code on any fault. */
export function readFixtures(root: string = FIXTURES): readonly Fixture[] {
  return readdirSync(root)
    .sort()
    .map((code) => readFixture(root, code));
}

function readFixture(root: string, code: string): Fixture {
  const folder = `${root}/${code}`;
  const files = readdirSync(folder);
  const extension = EXTENSIONS.find((ext) => files.includes(`bad.${ext}`));
  if (extension === undefined) throw new Error(`${code}: no input bad.json, .txt, .ts or .js`);
  const good = [extension, 'json'].find((ext) => files.includes(`good.${ext}`));
  if (good === undefined) throw new Error(`${code}: no good.${extension}`);
  const known = [`bad.${extension}`, `good.${good}`, ...HOST_FILES];
  const unknown = files.filter((file) => !known.includes(file));
  if (unknown.length > 0) throw new Error(`${code}: unknown files ${unknown.join(', ')}`);
  const hostOf = (prefix: string): FixtureOptions => {
    const own = (name: string) => (files.includes(`${prefix}${name}`) ? `${prefix}${name}` : name);
    const options = files.includes(own(OPTIONS)) ? readOptions(code, folder, own(OPTIONS)) : {};
    if (!files.includes(own(POLICY))) return options;
    return { ...options, policy: readFileSync(`${folder}/${own(POLICY)}`, 'utf8') };
  };
  return {
    code,
    bad: `${folder}/bad.${extension}`,
    good: `${folder}/good.${good}`,
    options: hostOf(''),
    goodOptions: hostOf('good.'),
  };
}

function readOptions(code: string, folder: string, name: string): FixtureOptions {
  const options: object = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));
  const unknown = Object.keys(options).find((key) => !OPTION_KEYS.includes(key));
  if (unknown !== undefined) throw new Error(`${code}: ${name}: unknown key ${unknown}`);
  return options;
}
