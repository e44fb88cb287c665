// Whether an unknown JavaScript value is JSON: no cycle, no class instance, no accessor, no reserved
// key, not too deep. It also counts members, which tells (against the text) whether a key was lost.
import { diagnostic } from '@basalt/diagnostics';
import type { Findings } from './findings.js';
import { formatPointer } from './pointer.js';
import { isPlainObject } from './plain-object.js';
import { isWellFormed } from './well-formed.js';

interface Walk {
  readonly findings: Findings;
  readonly maxDepth: number;
  /** Values that JSON.parse built need no check for accessors. */
  readonly parsed: boolean;
  readonly path: (string | number)[];
  /** The containers on the way to the current value. */
  readonly parents: object[];
  members: number;
  tooDeep: boolean;
}

/** Checks `value` and returns the number of object members in it. Members that are undefined count
 * as absent. Recursion goes no deeper than `maxDepth`. */
export function checkJsonValue(
  value: unknown,
  findings: Findings,
  options: { readonly maxDepth: number; readonly parsed: boolean },
): number {
  const walk: Walk = { findings, ...options, path: [], parents: [], members: 0, tooDeep: false };
  visitValue(value, walk);
  return walk.members;
}

function visitValue(value: unknown, walk: Walk): void {
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) refuse(walk, 'text with half of a surrogate pair');
      return;
    case 'boolean':
      return;
    case 'number':
      if (!Number.isFinite(value))
        refuse(walk, walk.parsed ? 'a number too large for a float' : String(value));
      return;
    case 'object':
      if (value !== null) visitContainer(value, walk);
      return;
    default:
      refuse(walk, typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`);
  }
}

function visitContainer(value: object, walk: Walk): void {
  if (walk.findings.full) return;
  if (walk.parents.length >= walk.maxDepth) {
    // A cycle always ends up here or in the check below; one finding tells enough.
    if (!walk.tooDeep) {
      walk.findings.at(walk.path, (at) => diagnostic.DOC003({ limit: walk.maxDepth }, at));
    }
    walk.tooDeep = true;
    return;
  }
  if (!walk.parsed && walk.parents.includes(value)) {
    const pointer = JSON.stringify(formatPointer(walk.path));
    walk.findings.at(walk.path, (at) => diagnostic.DOC007({ pointer }, at));
    return;
  }
  walk.parents.push(value);
  if (Array.isArray(value)) visitList(value, walk);
  else if (walk.parsed || isPlainObject(value)) visitMembers(value, walk);
  else refuse(walk, `an instance of ${className(value)}`);
  walk.parents.pop();
}

function visitList(list: readonly unknown[], walk: Walk): void {
  for (let i = 0; i < list.length; i++) {
    walk.path.push(i);
    visitValue(list[i], walk);
    walk.path.pop();
  }
}

function visitMembers(value: object, walk: Walk): void {
  for (const key of Object.keys(value)) {
    walk.members++;
    walk.path.push(key);
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
      walk.findings.at(walk.path, (at) => diagnostic.DOC006({ key: JSON.stringify(key) }, at));
    } else if (!walk.parsed && isAccessor(value, key)) {
      refuse(walk, 'computed by a getter');
    } else {
      const member = (value as Record<string, unknown>)[key];
      if (member !== undefined) visitValue(member, walk);
      if (!isWellFormed(key)) refuse(walk, 'under a key with half of a surrogate pair');
    }
    walk.path.pop();
  }
}

function refuse(walk: Walk, found: string): void {
  const pointer = JSON.stringify(formatPointer(walk.path));
  walk.findings.at(walk.path, (at) => diagnostic.DOC008({ pointer, found }, at));
}

function isAccessor(value: object, key: string): boolean {
  return Object.getOwnPropertyDescriptor(value, key)?.get !== undefined;
}

function className(value: object): string {
  const maker: unknown = (Object.getPrototypeOf(value) as { constructor?: unknown }).constructor;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'a class';
}
