// A plan under construction: what compile steps and surfaces fill in before the plan is frozen.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import type { FlowIR, SurfaceKind } from '@basalt/ir';
import type { EdgePlan, ExecPlan, NodePlan } from './exec-plan.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface NodeDraft extends Mutable<
  Omit<NodePlan, 'outputs' | 'routers' | 'inputs' | 'rateLimits'>
> {
  outputs: EdgeDraft[];
  routers: Mutable<NodePlan['routers'][number]>[];
  inputs: EdgeDraft[];
  rateLimits: Mutable<NodePlan['rateLimits'][number]>[];
}

export type EdgeDraft = Mutable<EdgePlan> & {
  /** A surface decides what takes this edge; it does not fire with every output. */
  gated: boolean;
};

/** Where a surface is declared, for findings. */
export interface SurfacePlace {
  readonly id: string;
  readonly kind: SurfaceKind;
  /** Index in `control_surfaces`. */
  readonly position: number;
}

export class PlanDraft {
  readonly nodes: NodeDraft[] = [];
  readonly edges: EdgeDraft[] = [];
  readonly byAlias = new Map<string, NodeDraft>();
  readonly findings: Diagnostic[] = [];
  readonly #byEnds = new Map<string, EdgeDraft>();

  constructor(readonly ir: FlowIR) {}

  addEdge(edge: EdgeDraft): void {
    this.edges.push(edge);
    const ends = JSON.stringify([edge.ir.from, edge.ir.to]);
    if (!this.#byEnds.has(ends)) this.#byEnds.set(ends, edge);
  }

  findEdge(from: string, to: string): EdgeDraft | undefined {
    return this.#byEnds.get(JSON.stringify([from, to]));
  }

  /** The node that a surface names. @throws DiagnosticError CTRL131. */
  nodeFor(place: SurfacePlace, alias: string): NodeDraft {
    const node = this.byAlias.get(alias);
    if (node !== undefined) return node;
    throw new DiagnosticError([
      diagnostic.CTRL131({ kind: place.kind, surface: place.id, alias }, pointerTo(place)),
    ]);
  }

  /** The edge that a surface needs. @throws DiagnosticError CTRL131, CTRL132. */
  edgeFor(place: SurfacePlace, from: string, to: string): EdgeDraft {
    this.nodeFor(place, from);
    this.nodeFor(place, to);
    const edge = this.findEdge(from, to);
    if (edge !== undefined) return edge;
    throw new DiagnosticError([
      diagnostic.CTRL132({ kind: place.kind, surface: place.id, from, to }, pointerTo(place)),
    ]);
  }

  /** An edge that carries only what the surface puts on it. */
  gate(place: SurfacePlace, from: string, to: string): EdgeDraft {
    const edge = this.edgeFor(place, from, to);
    edge.gated = true;
    return edge;
  }
}

/** @throws DiagnosticError RUN118: always. */
export function refuseSurface(place: SurfacePlace, problem: string): never {
  throw new DiagnosticError([
    diagnostic.RUN118({ kind: place.kind, surface: place.id, problem }, pointerTo(place)),
  ]);
}

export function pointerTo(place: SurfacePlace): { readonly pointer: string } {
  return { pointer: `/control_surfaces/${place.position}` };
}

export type { ExecPlan };
