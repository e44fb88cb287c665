// The egress list of a binding: `host`, `*.domain` (any depth below it, not itself), `*` (any host),
// each with `:port` where only that port is meant.

interface HostPattern {
  /** Lower-case name or address, without brackets; what must end the name for a wildcard. */
  readonly name: string;
  readonly wildcard: boolean;
  readonly port: string | undefined;
}

const FORM = /^(\*|(?:\*\.)?[^*:/?#@\s[\]]+|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?$/i;

/** A host name as the URL parser writes it: lower case, punycode, addresses in plain form. */
export function canonicalHost(host: string): string | undefined {
  try {
    return new URL(`http://${host}/`).hostname.replace(/\.$/, '');
  } catch {
    return undefined;
  }
}

function parsePattern(text: string): HostPattern | undefined {
  const [, host, port] = FORM.exec(text) ?? [];
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
  if (host === '*') return { name: '', wildcard: true, port };
  const wildcard = host.startsWith('*.');
  const name = canonicalHost(wildcard ? host.slice(2) : host);
  return name === undefined ? undefined : { name: wildcard ? `.${name}` : name, wildcard, port };
}

/** Whether the text is a host pattern. */
export function isHostPattern(text: string): boolean {
  return parsePattern(text) !== undefined;
}

/** A test of addresses against a list of patterns; texts that are no pattern match nothing. */
export function hostMatcher(patterns: readonly string[]): (url: URL) => boolean {
  const parsed = patterns.map(parsePattern).filter((pattern) => pattern !== undefined);
  return (url) => {
    const host = url.hostname.replace(/\.$/, '');
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return parsed.some(
      (pattern) =>
        (pattern.port === undefined || pattern.port === port) &&
        (pattern.wildcard
          ? host.endsWith(pattern.name) && host.length > pattern.name.length
          : host === pattern.name),
    );
  };
}
