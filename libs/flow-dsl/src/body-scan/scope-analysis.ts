// Which declaration each name of a module means, and where each declaration is written to. Follows the
// scopes of ECMAScript: functions, blocks, parameters, hoisted `var`, classes, catch clauses, imports.
import type { AnyNode, Identifier, Pattern, Program } from 'acorn';
import {
  childrenOf,
  fixedKey,
  isFunctionNode,
  type FunctionNode,
  type OwnerNode,
} from './syntax-tree.js';

/** What a declared name holds. */
export type Held =
  | { readonly kind: 'expression'; readonly node: AnyNode; readonly path: readonly string[] }
  | { readonly kind: 'function'; readonly node: FunctionNode }
  | { readonly kind: 'class'; readonly node: AnyNode }
  | { readonly kind: 'import'; readonly module: string; readonly path: readonly string[] }
  | {
      readonly kind: 'param';
      readonly node: FunctionNode;
      readonly index: number;
      readonly path: readonly string[];
    }
  | { readonly kind: 'unknown' };

/** A write to a name, or to a part of what it holds. */
export interface Write {
  readonly node: AnyNode;
  readonly owner: OwnerNode;
}

/** A declared name. */
export interface Binding {
  readonly name: string;
  readonly declared: 'var' | 'let' | 'const' | 'function' | 'class' | 'param' | 'import' | 'catch';
  /** The function (or module) whose call makes it anew. */
  readonly owner: OwnerNode;
  readonly held: Held;
  /** Assignments after the declaration. */
  readonly writes: Write[];
}

interface Scope {
  readonly parent: Scope | undefined;
  readonly owner: OwnerNode;
  readonly names: Map<string, Binding>;
}

/** A module, resolved. */
export interface ModuleScopes {
  readonly program: Program;
  /** Each reading of a name -> its declaration; undefined for globals. */
  readonly reads: ReadonlyMap<AnyNode, Binding | undefined>;
  /** Each assignment to a bare name -> its declaration; undefined for globals. */
  readonly targets: ReadonlyMap<AnyNode, Binding | undefined>;
  readonly functions: readonly FunctionNode[];
  /** Function -> the function or module around it. */
  readonly outer: ReadonlyMap<AnyNode, OwnerNode>;
}

/** Resolves every name of a module. */
export function analyseScopes(program: Program): ModuleScopes {
  const analysis = new ScopeAnalysis(program);
  analysis.run();
  return analysis;
}

class ScopeAnalysis implements ModuleScopes {
  readonly reads = new Map<AnyNode, Binding | undefined>();
  readonly targets = new Map<AnyNode, Binding | undefined>();
  readonly functions: FunctionNode[] = [];
  readonly outer = new Map<AnyNode, OwnerNode>();

  constructor(readonly program: Program) {}

  run(): void {
    const scope: Scope = { parent: undefined, owner: this.program, names: new Map() };
    this.#hoistVars(this.program, scope);
    this.#declareLexical(this.program.body, scope);
    for (const statement of this.program.body) this.#visit(statement, scope);
  }

  #declare(scope: Scope, name: string, declared: Binding['declared'], held: Held): void {
    const known = scope.names.get(name);
    // A second `var` adds nothing; a function or a parameter keeps what it holds.
    if (known !== undefined && declared === 'var') return;
    scope.names.set(name, { name, declared, owner: scope.owner, held, writes: [] });
  }

  /** Declares every name of a pattern; `heldAt` says what the name at a path of the value holds. */
  #declarePattern(
    pattern: Pattern | AnyNode,
    scope: Scope,
    declared: Binding['declared'],
    heldAt: (path: readonly string[] | undefined) => Held,
    path: readonly string[] | undefined = [],
  ): void {
    const into = (part: AnyNode, at: readonly string[] | undefined) =>
      this.#declarePattern(part, scope, declared, heldAt, at);
    switch (pattern.type) {
      case 'Identifier':
        this.#declare(scope, pattern.name, declared, heldAt(path));
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            into(property.argument, undefined);
            continue;
          }
          const key = fixedKey(property.key, property.computed);
          into(
            property.value,
            key === undefined || path === undefined ? undefined : [...path, key],
          );
        }
        break;
      case 'ArrayPattern':
        pattern.elements.forEach((element, index) => {
          if (element !== null) into(element, path === undefined ? path : [...path, String(index)]);
        });
        break;
      case 'AssignmentPattern':
        into(pattern.left, path);
        break;
      case 'RestElement':
        into(pattern.argument, undefined);
        break;
    }
  }

  #hoistVars(node: AnyNode, scope: Scope): void {
    for (const child of childrenOf(node)) {
      if (isFunctionNode(child) || child.type === 'ClassBody') continue;
      if (child.type === 'VariableDeclaration' && child.kind === 'var') {
        for (const { id, init } of child.declarations)
          this.#declareVariable(id, init, 'var', scope);
      }
      this.#hoistVars(child, scope);
    }
  }

  #declareVariable(
    id: Pattern,
    init: AnyNode | null | undefined,
    declared: 'var' | 'let' | 'const',
    scope: Scope,
  ): void {
    this.#declarePattern(id, scope, declared, (path) =>
      init && path !== undefined ? { kind: 'expression', node: init, path } : { kind: 'unknown' },
    );
  }

  #declareLexical(statements: readonly AnyNode[], scope: Scope): void {
    for (const statement of statements) {
      const node =
        (statement.type === 'ExportNamedDeclaration' ||
          statement.type === 'ExportDefaultDeclaration') &&
        statement.declaration
          ? statement.declaration
          : statement;
      if (node.type === 'VariableDeclaration' && node.kind !== 'var') {
        const declared = node.kind === 'let' ? 'let' : 'const';
        for (const { id, init } of node.declarations) {
          this.#declareVariable(id, init, declared, scope);
        }
      } else if (node.type === 'FunctionDeclaration' && node.id) {
        this.#declare(scope, node.id.name, 'function', { kind: 'function', node });
      } else if (node.type === 'ClassDeclaration' && node.id) {
        this.#declare(scope, node.id.name, 'class', { kind: 'class', node });
      } else if (node.type === 'ImportDeclaration') this.#declareImports(node, scope);
    }
  }

  #declareImports(node: Extract<AnyNode, { type: 'ImportDeclaration' }>, scope: Scope): void {
    const module = String(node.source.value);
    for (const specifier of node.specifiers) {
      const path =
        specifier.type === 'ImportSpecifier'
          ? [fixedKey(specifier.imported, false)!]
          : specifier.type === 'ImportDefaultSpecifier'
            ? ['default']
            : [];
      this.#declare(scope, specifier.local.name, 'import', { kind: 'import', module, path });
    }
  }

  #visit(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.#use(node, scope);
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#visitFunction(node, scope);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#visitClass(node, scope);
        return;
      case 'BlockStatement':
      case 'StaticBlock':
        this.#visitBlock(node.body, scope);
        return;
      case 'SwitchStatement':
        this.#visit(node.discriminant, scope);
        this.#visitBlock(node.cases, scope, (item) => item.consequent);
        return;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#visitLoop(node, scope);
        return;
      case 'CatchClause':
        this.#visitCatch(node, scope);
        return;
      default:
        this.#visitOther(node, scope);
    }
  }

  /** Nodes that open no scope. */
  #visitOther(node: AnyNode, scope: Scope): void {
    switch (node.type) {
      case 'VariableDeclarator':
        this.#visitPattern(node.id, scope, false);
        if (node.init) this.#visit(node.init, scope);
        return;
      case 'AssignmentExpression':
        this.#visitPattern(node.left, scope, true);
        this.#visit(node.right, scope);
        return;
      case 'UpdateExpression':
        this.#visitPattern(node.argument, scope, true);
        return;
      case 'MemberExpression':
        this.#visit(node.object, scope);
        if (node.computed) this.#visit(node.property, scope);
        return;
      case 'Property':
      case 'PropertyDefinition':
      case 'MethodDefinition':
        if (node.computed) this.#visit(node.key, scope);
        if (node.value) this.#visit(node.value, scope);
        return;
      case 'ExportSpecifier':
        if (node.local.type === 'Identifier') this.#use(node.local, scope);
        return;
      case 'ImportDeclaration':
      case 'MetaProperty':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'ExportAllDeclaration':
        return;
      case 'ExportNamedDeclaration':
        if (node.source) return;
        break;
      case 'LabeledStatement':
        this.#visit(node.body, scope);
        return;
    }
    for (const child of childrenOf(node)) this.#visit(child, scope);
  }

  /** The defaults, computed keys and, where `writes`, the targets of a pattern. */
  #visitPattern(node: Pattern | AnyNode, scope: Scope, writes: boolean): void {
    switch (node.type) {
      case 'Identifier': {
        if (!writes) return;
        const binding = lookUp(scope, node.name);
        this.targets.set(node, binding);
        binding?.writes.push({ node, owner: scope.owner });
        return;
      }
      case 'ObjectPattern':
        for (const property of node.properties) {
          if (property.type === 'RestElement') {
            this.#visitPattern(property.argument, scope, writes);
            continue;
          }
          if (property.computed) this.#visit(property.key, scope);
          this.#visitPattern(property.value, scope, writes);
        }
        return;
      case 'ArrayPattern':
        for (const element of node.elements) {
          if (element !== null) this.#visitPattern(element, scope, writes);
        }
        return;
      case 'AssignmentPattern':
        this.#visitPattern(node.left, scope, writes);
        this.#visit(node.right, scope);
        return;
      case 'RestElement':
        this.#visitPattern(node.argument, scope, writes);
        return;
      default:
        this.#visit(node, scope);
    }
  }

  #use(node: Identifier, scope: Scope): void {
    this.reads.set(node, lookUp(scope, node.name));
  }

  #visitFunction(node: FunctionNode, outer: Scope): void {
    this.functions.push(node);
    this.outer.set(node, outer.owner);
    const named: Scope = { parent: outer, owner: outer.owner, names: new Map() };
    if (node.type === 'FunctionExpression' && node.id) {
      this.#declare(named, node.id.name, 'const', { kind: 'function', node });
    }
    const scope: Scope = { parent: named, owner: node, names: new Map() };
    if (node.type !== 'ArrowFunctionExpression') {
      this.#declare(scope, 'arguments', 'param', { kind: 'unknown' });
    }
    node.params.forEach((param, index) => {
      const isRest = param.type === 'RestElement';
      this.#declarePattern(param, scope, 'param', (path) =>
        path === undefined || isRest ? { kind: 'unknown' } : { kind: 'param', node, index, path },
      );
    });
    if (node.body.type === 'BlockStatement') {
      this.#hoistVars(node.body, scope);
      this.#declareLexical(node.body.body, scope);
    }
    for (const param of node.params) this.#visitPattern(param, scope, false);
    if (node.body.type !== 'BlockStatement') this.#visit(node.body, scope);
    else for (const statement of node.body.body) this.#visit(statement, scope);
  }

  #visitClass(
    node: Extract<AnyNode, { type: 'ClassDeclaration' | 'ClassExpression' }>,
    outer: Scope,
  ): void {
    const scope: Scope = { parent: outer, owner: outer.owner, names: new Map() };
    if (node.type === 'ClassExpression' && node.id) {
      this.#declare(scope, node.id.name, 'class', { kind: 'class', node });
    }
    if (node.superClass) this.#visit(node.superClass, scope);
    for (const member of node.body.body) this.#visit(member, scope);
  }

  #visitBlock<N extends AnyNode>(
    nodes: readonly N[],
    outer: Scope,
    statements: (node: N) => readonly AnyNode[] = (node) => [node],
  ): void {
    const scope: Scope = { parent: outer, owner: outer.owner, names: new Map() };
    this.#declareLexical(nodes.flatMap(statements), scope);
    for (const node of nodes) this.#visit(node, scope);
  }

  #visitLoop(
    node: Extract<AnyNode, { type: 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }>,
    outer: Scope,
  ): void {
    const scope: Scope = { parent: outer, owner: outer.owner, names: new Map() };
    const head = node.type === 'ForStatement' ? node.init : node.left;
    if (head?.type === 'VariableDeclaration') this.#declareLexical([head], scope);
    if (node.type !== 'ForStatement' && head && head.type !== 'VariableDeclaration') {
      this.#visitPattern(head, scope, true);
    } else if (head) this.#visit(head, scope);
    const rest =
      node.type === 'ForStatement' ? [node.test, node.update, node.body] : [node.right, node.body];
    for (const part of rest) if (part) this.#visit(part, scope);
  }

  #visitCatch(node: Extract<AnyNode, { type: 'CatchClause' }>, outer: Scope): void {
    const scope: Scope = { parent: outer, owner: outer.owner, names: new Map() };
    if (node.param) {
      this.#declarePattern(node.param, scope, 'catch', () => ({ kind: 'unknown' }));
      this.#visitPattern(node.param, scope, false);
    }
    this.#visit(node.body, scope);
  }
}

function lookUp(scope: Scope, name: string): Binding | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
