// State that outlives a call: names outside the executed functions that the body writes to, changes in
// place, or reads while others write them.
import type { AnyNode } from 'acorn';
import type { ValueResolver } from './abstract-value.js';
import type { Binding } from './scope-analysis.js';
import { fixedKey, type OwnerNode } from './syntax-tree.js';

/** A use of state: the name, and where. */
export interface StateUse {
  readonly name: string;
  readonly node: AnyNode;
}

const CHANGING_METHODS = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear append'.split(
    ' ',
  ),
);
const CHANGING_STATICS = new Set(
  'Object.assign Object.defineProperty Object.defineProperties Object.setPrototypeOf Reflect.set Reflect.deleteProperty Reflect.defineProperty'.split(
    ' ',
  ),
);

/** Answers for one body: `executed` are the functions whose locals are made anew by each call. */
export class StateFinder {
  constructor(
    readonly resolver: ValueResolver,
    readonly executed: ReadonlySet<OwnerNode>,
  ) {}

  /** The state that `node` uses, if any. */
  find(node: AnyNode): StateUse | undefined {
    switch (node.type) {
      case 'Identifier':
        return this.#nameUse(node);
      case 'AssignmentExpression':
        return this.#changedPart(node.left, node);
      case 'UpdateExpression':
        return this.#changedPart(node.argument, node);
      case 'UnaryExpression':
        return node.operator === 'delete' ? this.#changedPart(node.argument, node) : undefined;
      case 'CallExpression':
        return this.#changingCall(node);
      default:
        return undefined;
    }
  }

  #isOutside(binding: Binding): boolean {
    return !this.executed.has(binding.owner);
  }

  /** A bare name that is written here, or read here and written elsewhere while flows run. */
  #nameUse(node: Extract<AnyNode, { type: 'Identifier' }>): StateUse | undefined {
    const { reads, targets } = this.resolver.scopes;
    if (targets.has(node)) {
      const binding = targets.get(node);
      if (binding === undefined || this.#isOutside(binding)) return { name: node.name, node };
      return undefined;
    }
    const binding = reads.get(node);
    if (binding === undefined || !this.#isOutside(binding)) return undefined;
    const changes = binding.writes.some(({ owner }) => this.#runsLater(owner, binding.owner));
    return changes ? { name: node.name, node } : undefined;
  }

  /** True where `writer` runs after the code of `home` has made its names: a function inside it that
   * the code of `home` does not itself call. */
  #runsLater(writer: OwnerNode, home: OwnerNode): boolean {
    if (writer === home) return false;
    return this.executed.has(writer) || !this.resolver.calledBy(home).has(writer);
  }

  #changedPart(target: AnyNode, node: AnyNode): StateUse | undefined {
    if (target.type === 'ChainExpression') return this.#changedPart(target.expression, node);
    if (target.type !== 'MemberExpression') return undefined;
    return this.#stateRoot(target.object, node) ?? this.#globalPart(target, node);
  }

  /** The outside name from which a chain of members starts, through local aliases. */
  #stateRoot(start: AnyNode, node: AnyNode): StateUse | undefined {
    const root = this.#rootBinding(start, 0);
    return root === undefined ? undefined : { name: root.name, node };
  }

  #rootBinding(start: AnyNode, depth: number): Binding | undefined {
    let at = start;
    while (at.type === 'MemberExpression' || at.type === 'ChainExpression') {
      at = at.type === 'MemberExpression' ? at.object : at.expression;
    }
    if (at.type !== 'Identifier') return undefined;
    const binding = this.resolver.scopes.reads.get(at);
    if (binding === undefined) return undefined;
    if (this.#isOutside(binding)) return binding;
    const { held } = binding;
    if (held.kind !== 'expression' || binding.writes.length > 0 || depth > 8) return undefined;
    return this.#rootBinding(held.node, depth + 1);
  }

  /** A write to a part of a global, such as globalThis.count. */
  #globalPart(
    target: Extract<AnyNode, { type: 'MemberExpression' }>,
    node: AnyNode,
  ): StateUse | undefined {
    let at: AnyNode = target;
    while (at.type === 'MemberExpression') at = at.object;
    const { reads } = this.resolver.scopes;
    if (at.type !== 'Identifier' || !reads.has(at) || reads.get(at) !== undefined) return undefined;
    const key = fixedKey(target.property, target.computed) ?? '*';
    return { name: `${at.name}.${key}`, node };
  }

  #changingCall(node: Extract<AnyNode, { type: 'CallExpression' }>): StateUse | undefined {
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || callee.object.type === 'Super') return undefined;
    const key = this.resolver.keyOf(callee);
    if (key === undefined) return undefined;
    const [first] = node.arguments;
    const isStatic = this.resolver
      .valuesOf(callee)
      .some((value) => value.kind === 'path' && CHANGING_STATICS.has(value.path.join('.')));
    if (isStatic && first !== undefined) return this.#stateRoot(first, node);
    const root = this.#rootBinding(callee.object, 0);
    if (root === undefined || !changes(root, key, callee.object)) return undefined;
    // A method that the module itself defines is followed instead.
    const isOwn = this.resolver.valuesOf(callee).some((value) => value.kind === 'function');
    return isOwn ? undefined : { name: root.name, node };
  }
}

/** True where the method `key` changes what an outside name holds. */
function changes(root: Binding, key: string, receiver: AnyNode): boolean {
  const { held } = root;
  if (held.kind !== 'expression') return false;
  const { node } = held;
  if (node.type === 'Literal' && 'regex' in node && node.regex) {
    return /[gy]/.test(node.regex.flags) && (key === 'test' || key === 'exec');
  }
  if (key === 'next') return node.type === 'CallExpression';
  if (!CHANGING_METHODS.has(key)) return false;
  if (node.type === 'ArrayExpression' || node.type === 'NewExpression') return true;
  // A table of lists or maps; the methods of the table itself are functions of the module.
  return node.type === 'ObjectExpression' && receiver.type === 'MemberExpression';
}
