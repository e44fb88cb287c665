// Compares what handlers do with what their nodes declare.
import { diagnostic, type Diagnostic, type Location } from '@basalt/diagnostics';
import type { FlowBundle, NodeHandler } from '@basalt/executor';
import type { FlowIR, NodeIR } from '@basalt/ir';
import { judgeFact } from './body-scan/judge-fact.js';
import { ModuleSource, readModuleCode, type ReadSource } from './body-scan/module-source.js';
import { scanFunction } from './body-scan/scan-function.js';
import { freeNames } from './body-scan/free-names.js';
import type { FunctionNode } from './body-scan/syntax-tree.js';
import { siteLocation, type DefinitionSite } from './definition-site.js';
import { flowBrand } from './flow-brand.js';

/** How to get at the code of modules. */
export interface CheckBodiesOptions {
  /** The code that runs for a module URL, where no loader registered it and it is not a file. */
  readonly readSource?: ReadSource;
}

/** Scans the handlers of a flow, of its subflows and compensators, and reports what contradicts the
 * declared effects, determinism, hints and secrets. What cannot be scanned is reported too. */
export function checkBodies(bundle: FlowBundle, options: CheckBodiesOptions = {}): Diagnostic[] {
  const checker = new BodyChecker(bundle, options.readSource);
  const findings: Diagnostic[] = [];
  for (const { node, identifier } of handlersOf(bundle.ir)) {
    findings.push(...checker.check(node, identifier));
  }
  return findings;
}

/** Every node with each of its handler keys, those of subflows after their own flow's. */
function handlersOf(ir: FlowIR): { readonly node: NodeIR; readonly identifier: string }[] {
  const own = ir.nodes.flatMap((node) =>
    [node.identifier, node.compensation?.identifier]
      .filter((identifier) => identifier !== undefined)
      .map((identifier) => ({ node, identifier })),
  );
  return [...own, ...Object.values(ir.subflows ?? {}).flatMap(handlersOf)];
}

interface Found {
  readonly source: ModuleSource;
  readonly root: FunctionNode;
  readonly locate: (offset: number) => Location | undefined;
}

class BodyChecker {
  readonly #modules = new Map<string, ModuleSource | undefined>();
  readonly #checked = new Set<string>();

  constructor(
    readonly bundle: FlowBundle,
    readonly readSource: ReadSource | undefined,
  ) {}

  check(node: NodeIR, identifier: string): Diagnostic[] {
    const record = flowBrand(this.bundle)?.handlers.get(identifier);
    const handler = record?.handler ?? this.bundle.handlers.get(identifier);
    const isAuthored = record === undefined || record.site !== undefined;
    if (handler === undefined || !isAuthored || this.#checked.has(identifier)) return [];
    this.#checked.add(identifier);
    try {
      return this.#scan(node, handler, record?.site);
    } catch (error) {
      // The only failure that hostile code can cause: it is nested too deeply for the stack.
      if (!(error instanceof RangeError)) throw error;
      return [unscanned(node, 'it is nested too deeply', record?.site)];
    }
  }

  #scan(node: NodeIR, handler: NodeHandler, site: DefinitionSite | undefined): Diagnostic[] {
    const text = Function.prototype.toString.call(handler);
    if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) {
      return [unscanned(node, 'it is a native or bound function', site)];
    }
    const inModule = site && this.#inModule(text, site);
    const found = inModule ?? alone(text, site);
    if (found === undefined) return [unscanned(node, 'its text cannot be parsed', site)];
    const findings = scanFunction(found.root, found.source.scopes).flatMap((fact) =>
      judgeFact(node, fact, found.locate(fact.node.start)),
    );
    const unknown = inModule === undefined ? freeNames(found.source.scopes) : [];
    if (unknown.length > 0) {
      const names = unknown.join(', ');
      const reason = `it uses ${names} of a module whose source cannot be read`;
      findings.push(unscanned(node, reason, site));
    }
    return findings;
  }

  #inModule(text: string, site: DefinitionSite): Found | undefined {
    const source = this.#module(site.url);
    const root = source?.functionWith(text, site);
    if (source === undefined || root === undefined) return undefined;
    const locate = (offset: number): Location =>
      siteLocation({ url: site.url, ...source.positionOf(offset) });
    return { source, root, locate };
  }

  #module(url: string): ModuleSource | undefined {
    if (!this.#modules.has(url)) {
      const code = readModuleCode(url, this.readSource);
      this.#modules.set(url, code === undefined ? undefined : ModuleSource.parse(code));
    }
    return this.#modules.get(url);
  }
}

/** The function by itself, as an expression or a method, without its module. */
function alone(text: string, site: DefinitionSite | undefined): Found | undefined {
  for (const code of [`(${text})`, `({ ${text} })`, `(class { ${text} })`]) {
    const source = ModuleSource.parse(code);
    const root = source?.scopes.functions[0];
    if (source !== undefined && root !== undefined) {
      return { source, root, locate: () => site && siteLocation(site) };
    }
  }
  return undefined;
}

function unscanned(node: NodeIR, reason: string, site: DefinitionSite | undefined): Diagnostic {
  return diagnostic.BODY106({ node: node.alias, reason }, site && siteLocation(site));
}
