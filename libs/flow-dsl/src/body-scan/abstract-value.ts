// What an expression may be, as far as names tell: something global or imported (a path such as
// Date.now), a part of the handler's context, or a function or class of the module.
import type { AnyNode } from 'acorn';
import type { Binding, ModuleScopes } from './scope-analysis.js';
import {
  childrenOf,
  fixedKey,
  fixedText,
  isFunctionNode,
  type FunctionNode,
  type OwnerNode,
} from './syntax-tree.js';

/** Root of the paths that lead into the handler's context. */
export const CONTEXT = '@context';

export type AbstractValue =
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly node: FunctionNode }
  | { readonly kind: 'object'; readonly node: Extract<AnyNode, { type: 'ObjectExpression' }> }
  | { readonly kind: 'class'; readonly node: ClassNode }
  | { readonly kind: 'instance'; readonly node: ClassNode };

export type ClassNode = Extract<AnyNode, { type: 'ClassDeclaration' | 'ClassExpression' }>;

/** Names under which the global object is known. */
const GLOBAL_OBJECTS = new Set(['globalThis', 'global', 'window', 'self']);
const MAX_DEPTH = 24;
const MAX_VALUES = 8;

/** Finds what the expressions of one module may be. */
export class ValueResolver {
  /** What callers pass, by function and position; filled while calls are followed. */
  readonly #arguments = new Map<FunctionNode, AbstractValue[][]>();
  readonly #calledBy = new Map<OwnerNode, ReadonlySet<OwnerNode>>();
  readonly #active = new Set<AnyNode | Binding>();

  constructor(readonly scopes: ModuleScopes) {}

  /** Notes an argument; true when it is news. */
  passArgument(callee: FunctionNode, index: number, value: AbstractValue): boolean {
    const lists = this.#arguments.get(callee) ?? [];
    this.#arguments.set(callee, lists);
    const known = (lists[index] ??= []);
    if (known.length >= MAX_VALUES || known.some((other) => sameValue(other, value))) return false;
    known.push(value);
    return true;
  }

  /** The functions that the code of `home` itself calls, not what its inner functions call. */
  calledBy(home: OwnerNode): ReadonlySet<OwnerNode> {
    const known = this.#calledBy.get(home);
    if (known !== undefined) return known;
    const called = new Set<OwnerNode>();
    this.#calledBy.set(home, called);
    const visit = (node: AnyNode): void => {
      if (node.type === 'CallExpression' && node.callee.type !== 'Super') {
        for (const value of this.valuesOf(node.callee)) {
          if (value.kind === 'function') called.add(value.node);
        }
      }
      for (const child of childrenOf(node)) if (!isFunctionNode(child)) visit(child);
    };
    visit(home);
    return called;
  }

  /** What `node` may be; empty where names do not tell. */
  valuesOf(node: AnyNode): readonly AbstractValue[] {
    if (this.#active.size > MAX_DEPTH || this.#active.has(node)) return [];
    this.#active.add(node);
    const values = this.#evaluate(node);
    this.#active.delete(node);
    return values.length > MAX_VALUES ? values.slice(0, MAX_VALUES) : values;
  }

  /** What a declared name may hold. */
  heldBy(binding: Binding): readonly AbstractValue[] {
    if (this.#active.has(binding)) return [];
    this.#active.add(binding);
    const values = this.#held(binding);
    this.#active.delete(binding);
    return values;
  }

  #held(binding: Binding): readonly AbstractValue[] {
    const { held } = binding;
    switch (held.kind) {
      case 'function':
        return [{ kind: 'function', node: held.node }];
      case 'class':
        return [{ kind: 'class', node: held.node as ClassNode }];
      case 'import':
        return [{ kind: 'path', path: [`module:${held.module}`, ...held.path] }];
      case 'expression':
        return this.#at(this.valuesOf(held.node), held.path);
      case 'param':
        return this.#at(this.#arguments.get(held.node)?.[held.index] ?? [], held.path);
      case 'unknown':
        return [];
    }
  }

  #at(values: readonly AbstractValue[], path: readonly string[]): readonly AbstractValue[] {
    let found = values;
    for (const key of path) found = found.flatMap((value) => this.#member(value, key));
    return found;
  }

  #evaluate(node: AnyNode): readonly AbstractValue[] {
    switch (node.type) {
      case 'Identifier': {
        const binding = this.scopes.reads.get(node);
        if (binding !== undefined) return this.heldBy(binding);
        return this.scopes.reads.has(node)
          ? [{ kind: 'path', path: GLOBAL_OBJECTS.has(node.name) ? [] : [node.name] }]
          : [];
      }
      case 'MemberExpression': {
        const key = this.keyOf(node);
        if (key === undefined || node.object.type === 'Super') return [];
        return this.valuesOf(node.object).flatMap((value) => this.#member(value, key));
      }
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return [{ kind: 'function', node }];
      case 'ClassExpression':
        return [{ kind: 'class', node }];
      case 'ObjectExpression':
        return [{ kind: 'object', node }];
      case 'CallExpression':
        return this.#call(node);
      case 'NewExpression':
        return this.valuesOf(node.callee).flatMap((value) =>
          value.kind === 'class' ? [{ kind: 'instance' as const, node: value.node }] : [],
        );
      default:
        return this.#transparent(node);
    }
  }

  /** Expressions that pass a part of themselves on. */
  #transparent(node: AnyNode): readonly AbstractValue[] {
    switch (node.type) {
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return this.valuesOf(node.expression);
      case 'AwaitExpression':
        return this.valuesOf(node.argument);
      case 'SequenceExpression':
        return this.valuesOf(node.expressions.at(-1)!);
      case 'AssignmentExpression':
        return this.valuesOf(node.right);
      case 'ConditionalExpression':
        return [...this.valuesOf(node.consequent), ...this.valuesOf(node.alternate)];
      case 'LogicalExpression':
        return [...this.valuesOf(node.left), ...this.valuesOf(node.right)];
      case 'ImportExpression': {
        const module = fixedText(node.source);
        return module === undefined ? [] : [{ kind: 'path', path: [`module:${module}`] }];
      }
      default:
        return [];
    }
  }

  /** The key of a member access, where it is fixed or held by a constant. */
  keyOf(node: Extract<AnyNode, { type: 'MemberExpression' }>): string | undefined {
    const fixed = fixedKey(node.property, node.computed);
    if (fixed !== undefined || node.property.type !== 'Identifier') return fixed;
    const binding = this.scopes.reads.get(node.property);
    if (binding?.held.kind !== 'expression' || binding.writes.length > 0) return undefined;
    return binding.held.path.length === 0 ? fixedText(binding.held.node) : undefined;
  }

  #call(node: Extract<AnyNode, { type: 'CallExpression' }>): readonly AbstractValue[] {
    if (node.callee.type === 'Super') return [];
    if (node.callee.type === 'MemberExpression' && this.keyOf(node.callee) === 'bind') {
      return node.callee.object.type === 'Super' ? [] : this.valuesOf(node.callee.object);
    }
    return this.valuesOf(node.callee).flatMap((callee) => {
      if (callee.kind === 'function') return this.#returned(callee.node);
      const [first] = node.arguments;
      const module = first && callee.kind === 'path' && isRequire(callee.path) && fixedText(first);
      return typeof module === 'string' ? [{ kind: 'path', path: [`module:${module}`] }] : [];
    });
  }

  /** What a function returns: closures and objects that its caller may go on to use. */
  #returned(node: FunctionNode): readonly AbstractValue[] {
    if (node.body.type !== 'BlockStatement') return this.valuesOf(node.body);
    return returnsOf(node.body).flatMap((argument) => this.valuesOf(argument));
  }

  #member(value: AbstractValue, key: string): readonly AbstractValue[] {
    switch (value.kind) {
      case 'path':
        return [{ kind: 'path', path: [...value.path, key] }];
      case 'function':
        return key === 'call' || key === 'apply' || key === 'bind' ? [value] : [];
      case 'object':
        return value.node.properties.flatMap((property) =>
          property.type === 'Property' && fixedKey(property.key, property.computed) === key
            ? this.valuesOf(property.value)
            : [],
        );
      case 'class':
      case 'instance':
        return value.node.body.body.flatMap((member) => {
          if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') return [];
          const wanted = member.static === (value.kind === 'class');
          const matches = wanted && fixedKey(member.key, member.computed) === key;
          return matches && member.value ? this.valuesOf(member.value) : [];
        });
    }
  }
}

function isRequire(path: readonly string[]): boolean {
  return path.length === 1 && path[0] === 'require';
}

function returnsOf(node: AnyNode): AnyNode[] {
  return childrenOf(node).flatMap((child) => {
    if (isFunctionNode(child) || child.type === 'ClassBody') return [];
    if (child.type === 'ReturnStatement') return child.argument ? [child.argument] : [];
    return returnsOf(child);
  });
}

function sameValue(a: AbstractValue, b: AbstractValue): boolean {
  if (a.kind === 'path') return b.kind === 'path' && a.path.join('\n') === b.path.join('\n');
  return b.kind !== 'path' && a.kind === b.kind && a.node === b.node;
}
