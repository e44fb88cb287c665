// What a person has entered so far. Drafts keep what is not valid yet: the text of a number is text
// until the form is read.
import type { PayloadProblem, ShownJson } from '../../viewer-protocol.js';
import type { FormField, MapField } from './form-field.js';
import { numberProblem, textProblem } from './field-problems.js';

/** The state of one field. */
export type Draft =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean | undefined }
  /** -1: none is chosen. */
  | { readonly kind: 'enum'; readonly index: number }
  | { readonly kind: 'list'; readonly items: readonly Draft[] }
  /** Members that are not there are left out of the value. */
  | { readonly kind: 'map'; readonly members: Readonly<Record<string, Draft>> }
  | { readonly kind: 'choice'; readonly index: number; readonly draft: Draft }
  | { readonly kind: 'json'; readonly text: string };

/** A value, and what is wrong with it. The value is undefined where nothing was entered. */
export interface ReadDraft {
  readonly value: ShownJson | undefined;
  readonly problems: readonly PayloadProblem[];
}

/** A draft in which everything is open but what the schema gives. Maps that are required are open, too. */
export function emptyDraft(field: FormField): Draft {
  if (field.initial !== undefined) return draftOf(field, field.initial);
  switch (field.kind) {
    case 'text':
    case 'number':
      return { kind: field.kind, text: '' };
    case 'boolean':
      return { kind: 'boolean', value: undefined };
    case 'enum':
      return { kind: 'enum', index: field.values.length === 1 ? 0 : -1 };
    case 'list': {
      const item = field.minItems > 0 ? emptyDraft(field.item()) : undefined;
      const count = item === undefined ? 0 : Math.min(field.minItems, 20);
      return { kind: 'list', items: Array.from({ length: count }, () => item!) };
    }
    case 'map':
      return { kind: 'map', members: requiredMembers(field) };
    case 'choice':
      return { kind: 'choice', index: 0, draft: emptyDraft(field.options[0]!.field()) };
    case 'json':
      return { kind: 'json', text: '' };
  }
}

/** The draft that gives a value. What does not fit the field is left open. */
export function draftOf(field: FormField, value: ShownJson): Draft {
  switch (field.kind) {
    case 'text':
      return { kind: 'text', text: typeof value === 'string' ? value : '' };
    case 'number':
      return { kind: 'number', text: typeof value === 'number' ? String(value) : '' };
    case 'boolean':
      return { kind: 'boolean', value: typeof value === 'boolean' ? value : undefined };
    case 'enum': {
      const text = JSON.stringify(value);
      return { kind: 'enum', index: field.values.findIndex((v) => JSON.stringify(v) === text) };
    }
    case 'list': {
      const items = Array.isArray(value) ? (value as readonly ShownJson[]) : [];
      const item = field.item();
      return { kind: 'list', items: items.map((member) => draftOf(item, member)) };
    }
    case 'map':
      return { kind: 'map', members: membersOf(field, value) };
    case 'choice': {
      const index = fittingOption(field.options, value);
      return { kind: 'choice', index, draft: draftOf(field.options[index]!.field(), value) };
    }
    case 'json':
      return { kind: 'json', text: JSON.stringify(value, undefined, 2) };
  }
}

/** Reads a draft. @param isRequired whether something has to be entered
 * @param pointer where the value is in the payload (RFC 6901) */
export function readDraft(
  field: FormField,
  draft: Draft,
  isRequired: boolean,
  pointer = '',
): ReadDraft {
  const found = readEntered(field, draft, pointer, isRequired);
  if (found.value !== undefined || found.problems.length > 0 || !isRequired) return found;
  return { value: undefined, problems: [{ pointer, message: 'must be given' }] };
}

function readEntered(
  field: FormField,
  draft: Draft,
  pointer: string,
  isRequired: boolean,
): ReadDraft {
  if (draft.kind !== field.kind) return { value: undefined, problems: [] };
  switch (draft.kind) {
    case 'text': {
      // An empty text is a value where one is required and the schema allows it.
      if (draft.text === '' && !isRequired) return { value: undefined, problems: [] };
      return one(
        draft.text,
        pointer,
        textProblem(field as FormField & { kind: 'text' }, draft.text),
      );
    }
    case 'number': {
      const text = draft.text.trim();
      if (text === '') return { value: undefined, problems: [] };
      const problem = numberProblem(field as FormField & { kind: 'number' }, text);
      return one(Number(text), pointer, problem);
    }
    case 'boolean':
      return { value: draft.value, problems: [] };
    case 'enum':
      return { value: (field as FormField & { kind: 'enum' }).values[draft.index], problems: [] };
    case 'list':
      return readList(field as FormField & { kind: 'list' }, draft.items, pointer, isRequired);
    case 'map':
      return readMap(field as MapField, draft.members, pointer);
    case 'choice': {
      const option = (field as FormField & { kind: 'choice' }).options[draft.index];
      if (option === undefined) return { value: undefined, problems: [] };
      return readDraft(option.field(), draft.draft, isRequired, pointer);
    }
    case 'json':
      return readJson(draft.text, pointer);
  }
}

function readList(
  field: FormField & { kind: 'list' },
  items: readonly Draft[],
  pointer: string,
  isRequired: boolean,
): ReadDraft {
  if (items.length === 0 && !isRequired) return { value: undefined, problems: [] };
  const item = field.item();
  const read = items.map((draft, i) => readDraft(item, draft, true, `${pointer}/${i}`));
  const problems = read.flatMap((one) => one.problems);
  if (items.length < field.minItems) {
    problems.push({ pointer, message: `must have at least ${field.minItems} items` });
  }
  if (items.length > field.maxItems) {
    problems.push({ pointer, message: `must have at most ${field.maxItems} items` });
  }
  return { value: read.map((one) => one.value ?? null), problems };
}

function readMap(
  field: MapField,
  members: Readonly<Record<string, Draft>>,
  pointer: string,
): ReadDraft {
  const entries: [string, ShownJson][] = [];
  const problems: PayloadProblem[] = [];
  for (const { name, isRequired, field: make } of field.members) {
    const draft = Object.hasOwn(members, name) ? members[name] : undefined;
    const place = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (draft === undefined) {
      if (isRequired) problems.push({ pointer: place, message: 'must be given' });
      continue;
    }
    const read = readDraft(make(), draft, isRequired, place);
    problems.push(...read.problems);
    if (read.value !== undefined) entries.push([name, read.value]);
  }
  return { value: Object.fromEntries(entries), problems };
}

function readJson(text: string, pointer: string): ReadDraft {
  if (text.trim() === '') return { value: undefined, problems: [] };
  try {
    return { value: JSON.parse(text) as ShownJson, problems: [] };
  } catch (error) {
    return one(null, pointer, `is no JSON: ${(error as Error).message}`);
  }
}

function one(value: ShownJson, pointer: string, problem: string | undefined): ReadDraft {
  return { value, problems: problem === undefined ? [] : [{ pointer, message: problem }] };
}

function requiredMembers(field: MapField): Record<string, Draft> {
  const open = field.members.flatMap(({ name, isRequired, field: make }) => {
    const member = make();
    // What is simple is shown at once; what is nested only where it is needed.
    const isNested = member.kind === 'map' || member.kind === 'choice';
    return isRequired || !isNested ? [[name, emptyDraft(member)] as const] : [];
  });
  return Object.fromEntries(open);
}

function membersOf(field: MapField, value: ShownJson): Record<string, Draft> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const given = isMap ? (value as Readonly<Record<string, ShownJson>>) : {};
  const open = requiredMembers(field);
  for (const { name, field: make } of field.members) {
    if (Object.hasOwn(given, name)) open[name] = draftOf(make(), given[name]!);
  }
  return open;
}

/** The option that a value fits best: the first that reads it back without a problem. */
function fittingOption(options: readonly { field(): FormField }[], value: ShownJson): number {
  const text = JSON.stringify(value);
  const found = options.findIndex(({ field: make }) => {
    const field = make();
    const read = readDraft(field, draftOf(field, value), true);
    return read.problems.length === 0 && JSON.stringify(read.value) === text;
  });
  return Math.max(0, found);
}
