// Scans one function together with every function of its module that it can call: what hazards it
// uses, what state it keeps, what it takes from its context.
import type { AnyNode } from 'acorn';
import { CONTEXT, ValueResolver, type AbstractValue, type ClassNode } from './abstract-value.js';
import { contextUse, type ContextUse } from './context-use.js';
import { hazardAt, readsByName, type HazardKind } from './hazard-table.js';
import { StateFinder } from './module-state.js';
import type { ModuleScopes } from './scope-analysis.js';
import {
  childrenOf,
  fixedKey,
  fixedText,
  isFunctionNode,
  type FunctionNode,
  type OwnerNode,
} from './syntax-tree.js';

/** Something that a body does; `node` is the expression that does it. */
export type BodyFact =
  | {
      readonly kind: 'hazard';
      readonly hazard: HazardKind;
      readonly name: string;
      readonly node: AnyNode;
    }
  | { readonly kind: 'state'; readonly name: string; readonly node: AnyNode }
  | { readonly kind: 'context'; readonly use: ContextUse; readonly node: AnyNode }
  | { readonly kind: 'secret'; readonly name: string; readonly node: AnyNode }
  /** A call into another file, which is not followed. */
  | { readonly kind: 'unfollowed'; readonly name: string; readonly node: AnyNode };

/** Everything that a call of `root` may do, in source order. */
export function scanFunction(root: FunctionNode, scopes: ModuleScopes): readonly BodyFact[] {
  const scan = new FunctionScan(root, scopes);
  scan.follow();
  return scan.facts();
}

/** Rounds in which arguments may still travel further down the calls. */
const MAX_ROUNDS = 6;

class FunctionScan {
  readonly #resolver: ValueResolver;
  /** Functions that run, with what runs when one is entered from outside. */
  readonly #executed = new Set<OwnerNode>();
  readonly #entered = new Set<FunctionNode>();
  readonly #classes = new Set<ClassNode>();
  #news = false;

  constructor(
    readonly root: FunctionNode,
    readonly scopes: ModuleScopes,
  ) {
    this.#resolver = new ValueResolver(scopes);
    this.#resolver.passArgument(root, 1, { kind: 'path', path: [CONTEXT] });
  }

  /** Finds what is executed, until nothing new turns up. */
  follow(): void {
    this.#enter(this.root);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.#news = false;
      for (const part of [...this.#parts()]) this.#walk(part, undefined, this.#trace);
      if (!this.#news) return;
    }
  }

  facts(): readonly BodyFact[] {
    const finder = new StateFinder(this.#resolver, this.#executed);
    const facts: BodyFact[] = [];
    const seen = new Set<string>();
    const add = (fact: BodyFact): void => {
      const isOnce = fact.kind === 'state' || fact.kind === 'unfollowed';
      const key = isOnce ? `${fact.kind} ${fact.name}` : `${fact.kind} ${fact.node.start}`;
      if (seen.has(key)) return;
      seen.add(key);
      facts.push(fact);
    };
    for (const part of this.#parts()) {
      this.#walk(part, undefined, (node, parent) => {
        for (const fact of this.#factsAt(node, parent)) add(fact);
        const state = finder.find(node);
        if (state !== undefined) add({ kind: 'state', ...state });
      });
    }
    return facts.sort((a, b) => a.node.start - b.node.start);
  }

  /** The code that runs: entered functions, and the field values of classes that are made. */
  *#parts(): Iterable<AnyNode> {
    yield* this.#entered;
    for (const { body } of this.#classes) {
      for (const member of body.body) {
        if (member.type === 'PropertyDefinition' && !member.static && member.value) {
          yield member.value;
        }
      }
    }
  }

  #enter(node: FunctionNode): void {
    if (this.#executed.has(node)) return;
    this.#entered.add(node);
    this.#executed.add(node);
    this.#news = true;
  }

  #walk(
    node: AnyNode,
    parent: AnyNode | undefined,
    visit: (node: AnyNode, parent: AnyNode | undefined) => void,
  ): void {
    if (isFunctionNode(node)) this.#executed.add(node);
    visit(node, parent);
    for (const child of childrenOf(node)) this.#walk(child, node, visit);
  }

  readonly #trace = (node: AnyNode, parent: AnyNode | undefined): void => {
    if (isWholeChain(node, parent)) {
      for (const value of this.#resolver.valuesOf(node)) this.#reach(value);
    }
    if (node.type === 'CallExpression' || node.type === 'NewExpression') this.#passArguments(node);
  };

  #reach(value: AbstractValue): void {
    if (value.kind === 'function') this.#enter(value.node);
    else if (value.kind === 'class' && !this.#classes.has(value.node)) {
      this.#classes.add(value.node);
      this.#news = true;
      for (const member of value.node.body.body) {
        if (member.type !== 'MethodDefinition' || member.static) continue;
        // A class of the module is used through its instances: all of their methods may run.
        if (member.value.type === 'FunctionExpression') this.#enter(member.value);
      }
    }
  }

  #passArguments(node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>): void {
    if (node.callee.type === 'Super') return;
    for (const callee of this.#resolver.valuesOf(node.callee)) {
      const target = callee.kind === 'class' ? constructorOf(callee.node) : callee;
      if (target?.kind !== 'function') continue;
      const shift = node.callee.type === 'MemberExpression' && isCallKey(node.callee) ? 1 : 0;
      node.arguments.forEach((argument, index) => {
        if (argument.type === 'SpreadElement' || index < shift) return;
        for (const value of this.#resolver.valuesOf(argument)) {
          if (this.#resolver.passArgument(target.node, index - shift, value)) this.#news = true;
        }
      });
    }
  }

  *#factsAt(node: AnyNode, parent: AnyNode | undefined): Iterable<BodyFact> {
    if (node.type === 'ImportExpression') {
      yield { kind: 'hazard', hazard: 'code', name: 'import()', node };
    }
    if (node.type === 'CallExpression') yield* this.#secret(node);
    if (node.type === 'CallExpression' || node.type === 'NewExpression')
      yield* this.#dateCall(node);
    if (!isWholeChain(node, parent) || isTypeTest(parent)) return;
    for (const value of this.#resolver.valuesOf(node)) {
      if (value.kind !== 'path') continue;
      const file = isCallee(node, parent) ? relativeModule(value.path) : undefined;
      if (file !== undefined) yield { kind: 'unfollowed', name: file, node };
      const use = contextUse(value.path);
      if (use !== undefined) yield { kind: 'context', use, node };
      const match = hazardAt(value.path);
      if (match === undefined || this.#isAliasOf(node, match.length)) continue;
      const { kind, name } = match;
      const hazard = kind === 'network' && this.#sends(node, parent, name) ? 'network write' : kind;
      yield { kind: 'hazard', hazard, name, node };
    }
  }

  /** `new Date()` and `Date()` read the clock; `new Date(ms)` does not. */
  *#dateCall(
    node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>,
  ): Iterable<BodyFact> {
    if (node.callee.type === 'Super') return;
    if (node.type === 'NewExpression' && node.arguments.length > 0) return;
    for (const value of this.#resolver.valuesOf(node.callee)) {
      if (value.kind !== 'path' || value.path.join('.') !== 'Date') continue;
      const name = node.type === 'NewExpression' ? 'new Date()' : 'Date()';
      yield { kind: 'hazard', hazard: 'clock', name, node };
    }
  }

  *#secret(node: Extract<AnyNode, { type: 'CallExpression' }>): Iterable<BodyFact> {
    const [first] = node.arguments;
    if (node.callee.type === 'Super' || first === undefined) return;
    const reads = this.#resolver
      .valuesOf(node.callee)
      .some((value) => value.kind === 'path' && value.path.join('.') === `${CONTEXT}.secret`);
    const name = reads ? this.#constantText(first) : undefined;
    if (name !== undefined) yield { kind: 'secret', name, node };
  }

  #constantText(node: AnyNode): string | undefined {
    const fixed = fixedText(node);
    if (fixed !== undefined || node.type !== 'Identifier') return fixed;
    const binding = this.scopes.reads.get(node);
    if (binding?.held.kind !== 'expression' || binding.writes.length > 0) return undefined;
    return binding.held.path.length === 0 ? fixedText(binding.held.node) : undefined;
  }

  /** True for a local name whose initialiser is itself the finding: one finding is enough. */
  #isAliasOf(node: AnyNode, length: number): boolean {
    let at = node;
    while (at.type === 'MemberExpression') at = at.object;
    if (at.type !== 'Identifier') return false;
    const binding = this.scopes.reads.get(at);
    if (binding?.held.kind !== 'expression' || !this.#executed.has(binding.owner)) return false;
    if (binding.held.path.length > 0) return false;
    return this.#resolver
      .heldBy(binding)
      .some((value) => value.kind === 'path' && value.path.length >= length);
  }

  /** True where the call of a network function clearly writes: a method other than GET. */
  #sends(node: AnyNode, parent: AnyNode | undefined, name: string): boolean {
    if (parent?.type !== 'CallExpression' || parent.callee !== node || readsByName(name))
      return false;
    return parent.arguments.some((argument) => {
      const options = this.#objectOf(argument);
      const method = options && propertyText(options, 'method');
      return method !== undefined && !/^(get|head|options)$/i.test(method);
    });
  }

  #objectOf(node: AnyNode): Extract<AnyNode, { type: 'ObjectExpression' }> | undefined {
    if (node.type === 'ObjectExpression') return node;
    const [value] = node.type === 'Identifier' ? this.#resolver.valuesOf(node) : [];
    return value?.kind === 'object' ? value.node : undefined;
  }
}

/** True for the longest chain of members that starts at a name. */
function isWholeChain(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (node.type !== 'Identifier' && node.type !== 'MemberExpression') return false;
  return parent?.type !== 'MemberExpression' || parent.object !== node;
}

function isCallee(node: AnyNode, parent: AnyNode | undefined): boolean {
  return (
    (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') &&
    parent.callee === node
  );
}

/** The file from which a path is imported; undefined for packages and globals. */
function relativeModule([root]: readonly string[]): string | undefined {
  return root?.startsWith('module:.') === true ? root.slice('module:'.length) : undefined;
}

/** `typeof fetch` and `x instanceof WebSocket` use nothing. */
function isTypeTest(parent: AnyNode | undefined): boolean {
  if (parent?.type === 'UnaryExpression') return parent.operator === 'typeof';
  return parent?.type === 'BinaryExpression' && parent.operator === 'instanceof';
}

function isCallKey(callee: Extract<AnyNode, { type: 'MemberExpression' }>): boolean {
  return fixedKey(callee.property, callee.computed) === 'call';
}

function constructorOf(node: ClassNode): AbstractValue | undefined {
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    if (member.value.type === 'FunctionExpression') return { kind: 'function', node: member.value };
  }
  return undefined;
}

function propertyText(
  node: Extract<AnyNode, { type: 'ObjectExpression' }>,
  name: string,
): string | undefined {
  for (const property of node.properties) {
    if (property.type !== 'Property') continue;
    if (fixedKey(property.key, property.computed) === name) return fixedText(property.value);
  }
  return undefined;
}
