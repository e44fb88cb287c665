// Lists of hosts: exact names, and "*.example.com" for every name below example.com.

/** The host of an http or https address, lower-case, without the port; undefined for other texts. */
export function hostOf(address: string): string | undefined {
  if (address.length > 4096 || !/^https?:\/\//i.test(address)) return undefined;
  try {
    return new URL(address).hostname;
  } catch {
    return undefined;
  }
}

/** True when some pattern of the list covers the host. "*" covers every host. */
export function hostAllowed(host: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => covers(pattern.toLowerCase(), host.toLowerCase()));
}

/** True when every host that `pattern` covers is covered by `outer`; both may start with "*.". */
export function covers(outer: string, pattern: string): boolean {
  const bare = outer.replace(/:\d+$/, '');
  const inner = pattern.replace(/:\d+$/, '');
  if (bare === '*' || bare === inner) return true;
  return bare.startsWith('*.') && inner.endsWith(bare.slice(1)) && inner !== bare.slice(1);
}
