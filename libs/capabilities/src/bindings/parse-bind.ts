// Reads one `--bind` of the command line: `kv=memory`, `http.read=undici:api.example.com`,
// `resource::blob=blob.disk:./data`.
import { DiagnosticError, diagnostic, nearestWord, printable } from '@basalt/diagnostics';
import { BINDABLE_HINTS, knownPrefix } from '../capability-hints.js';
import { PROVIDER_KINDS, providerKind, serves, type ProviderSettings } from './provider-kinds.js';

/** A capability bound to a provider. */
export interface Binding extends ProviderSettings {
  /** A known hint, `resource::domain` or `resource::domain::operation`. */
  readonly hint: string;
  readonly kind: string;
}

const LONGEST_BIND = 4096;

function shown(text: string): string {
  return JSON.stringify(printable(text.slice(0, 100)));
}

/** A hint from its short or full form; BIND002 when nothing of that name can be bound. */
function readHint(text: string): string {
  const hint = text.startsWith('resource::') ? text : `resource::${text.split('.').join('::')}`;
  const known = knownPrefix(hint);
  // `resource::kv::reed` begins with a known domain, and is still no known operation.
  if (known !== undefined && (known.hint === hint || known.hint.split('::').length === 3)) {
    return hint;
  }
  const names = BINDABLE_HINTS.map((row) => row.hint);
  const nearest = nearestWord(hint, names);
  const help = nearest === undefined ? {} : { help: `Did you mean ${nearest}?` };
  const params = { hint: shown(text), known: names.join(', ') };
  throw new DiagnosticError([diagnostic.BIND002(params, undefined, help)]);
}

function domainOf(hint: string): string {
  return hint.split('::')[1]!;
}

/** Reads `hint=provider` or `hint=provider:argument`. BIND001 to BIND005. */
export function parseBind(text: string): Binding {
  const form = /^([^=]+)=([^:]+)(?::(.*))?$/s.exec(text);
  if (form === null || text.length > LONGEST_BIND || text.includes('\0')) {
    const reason = 'it is not of the form HINT=PROVIDER or HINT=PROVIDER:ARGUMENT';
    throw new DiagnosticError([diagnostic.BIND001({ text: shown(text), reason })]);
  }
  const [, left, right, argument] = form;
  const hint = readHint(left!.trim());
  const domain = domainOf(hint);
  const name = right!.trim();
  const kind = providerKind(name.includes('.') ? name : `${domain}.${name}`);
  if (!serves(kind, hint)) {
    const serving = PROVIDER_KINDS.filter((row) => serves(row, hint));
    const known = serving.map((row) => row.kind).join(', ');
    throw new DiagnosticError([diagnostic.BIND004({ kind: kind.kind, hint, known })]);
  }
  const settings = kind.parse(argument);
  if (typeof settings === 'string') {
    const reason = printable(settings.slice(0, 300));
    throw new DiagnosticError([diagnostic.BIND005({ kind: kind.kind, reason })]);
  }
  return { hint, kind: kind.kind, connect: {}, config: {}, ...settings };
}
