// Every kind of provider, in one static table: what it serves, how its settings are written after the
// colon of a bind, and which settings it takes.
import { DiagnosticError, diagnostic, nearestWord, type Location } from '@basalt/diagnostics';
import { isHostPattern } from '../http/host-patterns.js';
import { redisAddressProblem } from '../redis/redis-address.js';

/** Settings of an instance: `connect` says where its resource is, `config` how to use it. */
export interface ProviderSettings {
  readonly connect: Readonly<Record<string, unknown>>;
  readonly config: Readonly<Record<string, unknown>>;
}

type Check = (value: unknown) => boolean;

/** One kind of provider. */
export interface ProviderKind {
  readonly kind: string;
  /** The hint of the domain that it serves. */
  readonly provides: string;
  /** What `connect` must hold: exactly these settings. */
  readonly connect: Readonly<Record<string, Check>>;
  /** What `config` may hold. */
  readonly config: Readonly<Record<string, Check>>;
  /** Reads the text after the colon, undefined when there was none; gives a text that says what is
   * wrong with it. */
  readonly parse: (argument: string | undefined) => Partial<ProviderSettings> | string;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];

const isText: Check = (value) => typeof value === 'string' && value !== '';
const isWhole: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isPositive: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isAddress: Check = (value) => isText(value) && !redisAddressProblem(value as string);
const isHosts: Check = (value) =>
  isTexts(value) && (value as readonly string[]).every((host) => isHostPattern(host));

const items = (argument: string) => argument.split(',').map((item) => item.trim());

function noArgument(argument: string | undefined): Partial<ProviderSettings> | string {
  if (argument !== undefined) return 'it takes nothing after a colon';
  return {};
}

function folderArgument(argument: string | undefined): Partial<ProviderSettings> | string {
  if (!argument) return 'it needs a folder, as in disk:./data';
  return { connect: { folder: argument } };
}

function redisArgument(argument: string | undefined): Partial<ProviderSettings> | string {
  const [url = '', ...settings] = items(argument ?? '');
  const config: Record<string, string> = {};
  for (const setting of settings) {
    const [, name, value] = /^(password|prefix)=(.+)$/.exec(setting) ?? [];
    if (name === undefined) return 'after the address come only password=VARIABLE and prefix=TEXT';
    config[name === 'password' ? 'passwordVariable' : name] = value!;
  }
  return redisAddressProblem(url) ?? { connect: { url }, config };
}

function hostsArgument(argument: string | undefined): Partial<ProviderSettings> | string {
  if (argument === undefined) return {};
  const all = items(argument);
  const allow = all.filter((item) => item !== '+private');
  const bad = allow.find((host) => !isHostPattern(host));
  if (bad !== undefined)
    return `"${bad}" is no host pattern such as api.example.com or *.example.com:443`;
  return {
    config: {
      ...(allow.length > 0 ? { allow } : {}),
      ...(allow.length < all.length ? { allowPrivate: true } : {}),
    },
  };
}

function namesArgument(argument: string | undefined): Partial<ProviderSettings> | string {
  const allow = argument === undefined ? [] : items(argument);
  if (allow.length === 0 || allow.includes('')) {
    return 'it needs the names that may be read, as in env:API_KEY,DB_URL';
  }
  return { config: { allow } };
}

function rootsArgument(argument: string | undefined): Partial<ProviderSettings> | string {
  const all = argument === undefined ? [] : items(argument);
  const folder = (item: string) => item.replace(/^(read|write)=/, '');
  if (all.length === 0 || all.some((item) => folder(item) === '')) {
    return 'it needs folders, as in disk:./data or disk:read=./in,write=./out';
  }
  return {
    connect: {
      readRoots: all.filter((item) => !item.startsWith('write=')).map(folder),
      writeRoots: all.filter((item) => !item.startsWith('read=')).map(folder),
    },
  };
}

function levelArgument(argument: string | undefined): Partial<ProviderSettings> | string {
  if (argument === undefined) return {};
  if (!LOG_LEVELS.includes(argument)) return `its level is one of ${LOG_LEVELS.join(', ')}`;
  return { config: { level: argument } };
}

const folder = { folder: isText };
const valueBound = { maxValueBytes: isPositive };
const redis = { url: isAddress };
const redisUse = { passwordVariable: isText, prefix: isText, timeoutMs: isPositive };
const cacheBounds = { maxEntries: isWhole, maxBytes: isWhole };
const row = (
  kind: string,
  parse: ProviderKind['parse'],
  connect: ProviderKind['connect'] = {},
  config: ProviderKind['config'] = {},
): ProviderKind => ({ kind, provides: `resource::${kind.split('.')[0]}`, connect, config, parse });

/** The table, in the order in which messages list it. */
export const PROVIDER_KINDS: readonly ProviderKind[] = Object.freeze([
  row('kv.memory', noArgument, {}, valueBound),
  row('kv.disk', folderArgument, folder, valueBound),
  row('kv.redis', redisArgument, redis, { ...redisUse, ...valueBound }),
  row('blob.memory', noArgument, {}, valueBound),
  row('blob.disk', folderArgument, folder, valueBound),
  row('queue.memory', noArgument, {}, valueBound),
  row('queue.disk', folderArgument, folder, valueBound),
  row('dedupe.memory', noArgument),
  row('dedupe.disk', folderArgument, folder),
  row('dedupe.redis', redisArgument, redis, redisUse),
  row('cache.memory', noArgument, {}, cacheBounds),
  row('cache.disk', folderArgument, folder, cacheBounds),
  row('cache.redis', redisArgument, redis, { ...redisUse, ...valueBound }),
  row(
    'http.undici',
    hostsArgument,
    {},
    {
      allow: isHosts,
      allowPrivate: (value) => typeof value === 'boolean',
      maxRedirects: isWhole,
      timeoutMs: isPositive,
      maxResponseBytes: isPositive,
      maxHeaderBytes: isPositive,
    },
  ),
  row('clock.system', noArgument),
  row('rng.system', noArgument),
  row('secrets.env', namesArgument, {}, { allow: isTexts }),
  row(
    'fs.disk',
    rootsArgument,
    { readRoots: isTexts, writeRoots: isTexts },
    {
      maxFileBytes: isPositive,
    },
  ),
  row(
    'log.stderr',
    levelArgument,
    {},
    {
      level: (value) => LOG_LEVELS.includes(value as string),
    },
  ),
]);

/** Names that the 0.1 contract uses for kinds of ours. */
const ALIASES: Readonly<Record<string, string>> = { 'http.reqwest': 'http.undici' };

const byKind = new Map(PROVIDER_KINDS.map((kind) => [kind.kind, kind]));

/** The kind of that name, or of the name that it stands for; BIND003 when there is none. */
export function providerKind(name: string, location?: Location): ProviderKind {
  const own = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name;
  const found = byKind.get(own);
  if (found !== undefined) return found;
  const known = [...byKind.keys()];
  const nearest = nearestWord(name, known);
  const help = nearest === undefined ? {} : { help: `Did you mean ${nearest}?` };
  const params = { kind: JSON.stringify(name.slice(0, 100)), known: known.join(', ') };
  throw new DiagnosticError([diagnostic.BIND003(params, location, help)]);
}

/** The providers behind the tiers of result caches, by the operation that names the tier in a hint. */
const CACHE_TIERS: Readonly<Record<string, string>> = { disk: 'cache.disk', redis: 'cache.redis' };

/** True where a provider of that kind can serve the hint. */
export function serves({ kind, provides }: ProviderKind, hint: string): boolean {
  const [, domain, operation = ''] = hint.split('::');
  if (provides !== `resource::${domain}`) return false;
  if (domain !== 'cache' || !Object.hasOwn(CACHE_TIERS, operation)) return true;
  return CACHE_TIERS[operation] === kind;
}

/** What is wrong with the settings of an instance; undefined when nothing is. */
export function settingsProblem(
  kind: ProviderKind,
  settings: ProviderSettings,
): string | undefined {
  for (const part of ['connect', 'config'] as const) {
    for (const [name, value] of Object.entries(settings[part])) {
      const check = Object.hasOwn(kind[part], name) ? kind[part][name] : undefined;
      if (check === undefined) return `${part} has no setting "${name.slice(0, 100)}"`;
      if (!check(value)) return `the setting ${part}.${name} is not valid`;
    }
  }
  const missing = Object.keys(kind.connect).find((name) => !Object.hasOwn(settings.connect, name));
  return missing === undefined ? undefined : `the setting connect.${missing} is missing`;
}
