// A flow while its author writes it: what was declared so far, and every fault found on the way.
import { diagnostic, DiagnosticError, type Diagnostic, type Location } from '@basalt/diagnostics';
import type { NodeHandler } from '@basalt/executor';
import {
  surfaceId,
  type CheckpointIR,
  type ControlSurfaceIR,
  type EdgeIR,
  type FlowIR,
  type SurfaceKind,
} from '@basalt/ir';
import type { TSchema } from 'typebox';
import { siteLocation, type DefinitionSite } from './definition-site.js';
import { describe } from './describe.js';
import { edgeIR, type EdgeOptions } from './edge-options.js';
import { originalNode, viaOptions } from './flow-node.js';
import type { NodeFields } from './node-definition.js';
import { present } from './present.js';

/** A node that was declared: its fields, its schemas, and where it stands. */
export interface DraftNode {
  readonly alias: string;
  readonly fields: NodeFields;
  readonly input: TSchema | undefined;
  readonly output: TSchema | undefined;
  readonly params: { readonly schema: TSchema; readonly value: unknown } | undefined;
  readonly site: DefinitionSite | undefined;
}

/** A function of the flow: where it was given, and for which node. */
export interface HandlerRecord {
  readonly alias: string;
  readonly handler: NodeHandler;
  /** Absent for functions that the author did not write. */
  readonly site?: DefinitionSite;
}

/** A part of the document, and where the author wrote it. */
export interface Placed<Part> {
  readonly part: Part;
  readonly site: DefinitionSite | undefined;
}

export class FlowDraft {
  readonly nodes = new Map<string, DraftNode>();
  /** By edge key. */
  readonly edges = new Map<string, Placed<EdgeIR>>();
  readonly surfaces: Placed<ControlSurfaceIR>[] = [];
  readonly checkpoints = new Map<string, CheckpointIR>();
  readonly handlers = new Map<string, HandlerRecord>();
  readonly subflows = new Map<string, FlowIR>();
  /** Trigger alias -> the alias that answers. */
  readonly captures = new Map<string, string>();
  readonly problems: Diagnostic[] = [];
  /** Set by each builder method before it does anything: where the author called it. */
  site: DefinitionSite | undefined;

  readonly #handles = new WeakSet<object>();
  readonly #settled = new Set<string>();
  readonly #counts = new Map<string, number>();
  #sealed = false;

  constructor(readonly name: string) {}

  /** Where the author stands now, for a finding. */
  get location(): Location | undefined {
    return this.site === undefined ? undefined : siteLocation(this.site);
  }

  report(problem: Diagnostic): void {
    this.problems.push(problem);
  }

  /** Begins a builder method: notes the place, and refuses once the flow is built. */
  enter(site: DefinitionSite | undefined): void {
    this.site = site;
    if (!this.#sealed) return;
    throw new DiagnosticError([diagnostic.AUTH008({ flow: this.name }, this.location)]);
  }

  seal(): void {
    this.#sealed = true;
  }

  /** Takes a node in and gives the author its handle. */
  addNode(node: DraftNode): { readonly alias: string } {
    if (this.nodes.has(node.alias)) {
      this.report(diagnostic.DAG205({ alias: node.alias }, this.location));
    } else {
      this.nodes.set(node.alias, node);
    }
    const handle = Object.freeze({ alias: node.alias });
    this.#handles.add(handle);
    owners.set(handle, this);
    return handle;
  }

  /** The alias of a node of this flow; undefined, and a finding, for anything else. */
  aliasOf(node: unknown, role: string): string | undefined {
    const handle = typeof node === 'object' && node !== null ? originalNode(node) : undefined;
    if (handle !== undefined && this.#handles.has(handle)) {
      return (handle as { alias: string }).alias;
    }
    const owner = handle === undefined ? undefined : owners.get(handle);
    this.report(
      owner === undefined
        ? diagnostic.AUTH004({ role, found: describe(node) }, this.location)
        : diagnostic.AUTH003(
            { node: (handle as { alias: string }).alias, owner: owner.name, flow: this.name },
            this.location,
          ),
    );
    return undefined;
  }

  /** Declares an edge; a second declaration is a finding. */
  connect(from: string, to: string, options: EdgeOptions): void {
    const key = edgeKey(from, to);
    if (this.edges.has(key)) this.report(diagnostic.DAG211({ from, to }, this.location));
    else this.edges.set(key, this.#placed(edgeIR(from, to, options)));
  }

  /** Makes sure that a surface has its edge. Settings of `via` apply to an edge without settings. */
  route(from: unknown, to: unknown, role: string): readonly [string, string] | undefined {
    const source = this.aliasOf(from, role);
    const target = this.aliasOf(to, role);
    if (source === undefined || target === undefined) return undefined;
    const options = viaOptions(to as object) ?? viaOptions(from as object);
    const key = edgeKey(source, target);
    if (!this.edges.has(key)) {
      this.edges.set(key, this.#placed(edgeIR(source, target, options ?? {})));
    } else if (options !== undefined) {
      this.report(diagnostic.DAG207({ control: 'via', from: source, to: target }, this.location));
    }
    return [source, target];
  }

  /** Notes that `control` sets the edge; findings where it does not exist or was set already. */
  settle(control: string, from: string, to: string): boolean {
    const once = `${control}\n${edgeKey(from, to)}`;
    if (!this.edges.has(edgeKey(from, to))) {
      this.report(diagnostic.DAG206({ control, from, to }, this.location));
      return false;
    }
    if (this.#settled.has(once)) {
      this.report(diagnostic.DAG207({ control, from, to }, this.location));
      return false;
    }
    this.#settled.add(once);
    return true;
  }

  addSurface(
    kind: SurfaceKind,
    anchor: string,
    targets: readonly string[],
    config: Readonly<Record<string, unknown>>,
  ): void {
    const counter = `${kind}\n${anchor}`;
    const index = this.#counts.get(counter) ?? 0;
    this.#counts.set(counter, index + 1);
    const id = surfaceId(kind, anchor, index);
    const unique = [...new Set(targets)];
    this.surfaces.push(this.#placed({ id, kind, targets: unique, config: { v: 1, ...config } }));
  }

  #placed<Part>(part: Part): Placed<Part> {
    return { part, site: this.site };
  }

  addCheckpoint(id: string, summary?: string): void {
    if (this.checkpoints.get(id)?.summary !== undefined) return;
    this.checkpoints.set(id, summary === undefined ? { id } : { id, summary });
  }

  /** Takes a function in under its handler key. */
  addHandler(identifier: string, alias: string, handler: unknown): void {
    if (typeof handler !== 'function') {
      this.report(diagnostic.AUTH002({ node: alias, found: describe(handler) }, this.location));
      return;
    }
    this.claim(identifier, {
      alias,
      handler: handler as NodeHandler,
      ...present({ site: this.site }),
    });
  }

  /** Takes a handler record over; a finding where another function has its key. */
  claim(identifier: string, record: HandlerRecord): void {
    const known = this.handlers.get(identifier);
    if (known === undefined) this.handlers.set(identifier, record);
    else if (known.handler !== record.handler && !this.nodes.has(record.alias)) {
      this.report(diagnostic.AUTH007({ identifier }, this.location));
    }
  }
}

const owners = new WeakMap<object, FlowDraft>();

function edgeKey(from: string, to: string): string {
  return `${from}\n${to}`;
}
