// Where in the viewer one is. Pages are kept in the fragment of the address: the host serves one page,
// below whatever path a proxy puts in front of it.

export type Route =
  | { readonly page: 'flows' }
  | { readonly page: 'flow'; readonly id: string; readonly node: string | undefined }
  | { readonly page: 'runs'; readonly filter: RunFilter }
  | { readonly page: 'run'; readonly id: string; readonly node: string | undefined }
  | { readonly page: 'unknown' };

export interface RunFilter {
  readonly flow: string;
  readonly status: string;
  readonly q: string;
  /** Name of a span of time, such as "1h"; empty for all. */
  readonly within: string;
}

export const NO_FILTER: RunFilter = { flow: '', status: '', q: '', within: '' };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const params = new URLSearchParams(query);
  const parts = path.split('/').filter((part) => part !== '');
  const id = decoded(parts[1]);
  const node = params.get('node') ?? undefined;
  if (parts.length === 0) return { page: 'flows' };
  if (parts.length === 2 && parts[0] === 'flows' && id !== undefined) {
    return { page: 'flow', id, node };
  }
  if (parts.length === 2 && parts[0] === 'runs' && id !== undefined) {
    return { page: 'run', id, node };
  }
  if (parts.length === 1 && parts[0] === 'runs') {
    const word = (name: keyof RunFilter) => params.get(name) ?? '';
    const filter = {
      flow: word('flow'),
      status: word('status'),
      q: word('q'),
      within: word('within'),
    };
    return { page: 'runs', filter };
  }
  return { page: 'unknown' };
}

export function flowHref(id: string, node?: string): string {
  return `#/flows/${encodeURIComponent(id)}${nodeQuery(node)}`;
}

export function runHref(id: string, node?: string): string {
  return `#/runs/${encodeURIComponent(id)}${nodeQuery(node)}`;
}

export function runsHref(filter: Partial<RunFilter> = {}): string {
  const params = new URLSearchParams();
  for (const [name, word] of Object.entries(filter)) if (word) params.set(name, word);
  const query = params.toString();
  return query === '' ? '#/runs' : `#/runs?${query}`;
}

export const FLOWS_HREF = '#/';

function nodeQuery(node: string | undefined): string {
  return node === undefined ? '' : `?node=${encodeURIComponent(node)}`;
}

function decoded(part: string | undefined): string | undefined {
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
