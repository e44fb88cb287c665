// Lists of components as lines of JSON (lcod-manifest/list): a line that says what it is, then components and
// further lists.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { isMap, type ValueMap } from '../document/plain-values.js';
import type { Value } from '@basalt/ir';

export interface ListedComponent {
  readonly kind: 'component';
  readonly id: string;
  /** Path or address of the compose. */
  readonly compose: string;
  /** Path or address of the descriptor; beside the compose where it is absent. */
  readonly lcp: string | undefined;
  readonly package: string | undefined;
  readonly version: string | undefined;
}

export interface ListedList {
  readonly kind: 'list';
  readonly at: string;
  /** Only components whose id has this start after `lcod://`. */
  readonly namespace: string | undefined;
  readonly package: string | undefined;
  readonly version: string | undefined;
}

export type ListEntry = ListedComponent | ListedList;

/** Throws COMP232 for every line that is not understood. */
export function readManifestList(text: string, file: string): readonly ListEntry[] {
  const problems: Diagnostic[] = [];
  const entries: ListEntry[] = [];
  let isFirst = true;
  for (const [i, content] of text.split(/\r?\n/).entries()) {
    if (content.trim() === '') continue;
    try {
      const line = JSON.parse(content) as Value;
      if (!isMap(line)) throw new Error('it is no map');
      if (isFirst) checkHead(line);
      else entries.push(readLine(line));
    } catch (error) {
      const params = { line: i + 1, problem: (error as Error).message.replace(/\.$/, '') };
      problems.push(diagnostic.COMP232(params, { file, line: i + 1 }));
    }
    isFirst = false;
  }
  if (isFirst)
    problems.push(diagnostic.COMP232({ line: 1, problem: 'the list is empty' }, { file }));
  const [first, ...rest] = problems;
  if (first !== undefined) throw new DiagnosticError([first, ...rest]);
  return entries;
}

function checkHead({ type, schema }: ValueMap): void {
  if (type !== 'manifest' || !/^lcod-manifest\/list@\d+$/.test(String(schema))) {
    throw new Error('it must be a manifest with the schema lcod-manifest/list@1');
  }
}

function readLine(line: ValueMap): ListEntry {
  const text = (key: string): string | undefined => {
    const value = line[key] ?? undefined;
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw new Error(`${key} is no text`);
  };
  const exactlyOne = (a: string, b: string): string => {
    const [first, second] = [text(a), text(b)];
    if ((first === undefined) === (second === undefined)) {
      throw new Error(`it needs either ${a} or ${b}`);
    }
    return first ?? second!;
  };
  const shared = { package: text('package'), version: text('version') };
  switch (line['type']) {
    case 'component': {
      const id = text('id');
      if (id === undefined) throw new Error('it needs an id');
      return {
        kind: 'component',
        id,
        compose: exactlyOne('compose', 'url'),
        lcp: text('lcp'),
        ...shared,
      };
    }
    case 'list':
      return {
        kind: 'list',
        at: exactlyOne('path', 'url'),
        namespace: text('namespace'),
        ...shared,
      };
    default:
      throw new Error('its type is neither component nor list');
  }
}
