// Attaches every control surface of a flow to the nodes and edges that it controls.
import { diagnostic, DiagnosticError, type Diagnostic } from '@basalt/diagnostics';
import { SURFACE_KINDS } from '@basalt/ir';
import { buildFlowIndex, type IndexedSurface } from '@basalt/validator';
import { pointerTo, type PlanDraft, type SurfacePlace } from '../plan/plan-draft.js';
import { compileAwait } from './await.js';
import { compileErrorHandler } from './error-handler.js';
import { compileForEach } from './for-each.js';
import { compileJoin } from './join.js';
import { compileLoop } from './loop.js';
import { compileMerge } from './merge.js';
import { compilePartition, compileRateLimit } from './partition.js';
import { compileIf, compileSwitch } from './route-by-value.js';
import { compileTimeout } from './timeout.js';
import { compileWindow } from './window.js';
import { compileZip } from './zip.js';

/** @throws DiagnosticError with every surface that cannot be executed: CTRL codes for their
 * configuration, RUN118 for combinations. */
export function attachSurfaces(draft: PlanDraft): void {
  checkKinds(draft);
  const { surfaces } = buildFlowIndex(draft.ir);
  const findings: Diagnostic[] = [];
  for (const indexed of surfaces) {
    const { kind, surface, position } = indexed;
    const place: SurfacePlace = { id: surface.id, kind, position };
    try {
      attach(draft, place, indexed);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      findings.push(...error.diagnostics);
    }
  }
  if (findings.length > 0) throw new DiagnosticError(findings as [Diagnostic, ...Diagnostic[]]);
}

function attach(draft: PlanDraft, place: SurfacePlace, indexed: IndexedSurface): void {
  const { targets } = indexed.surface;
  if (indexed.config === undefined) throw malformed(place, indexed);
  switch (indexed.kind) {
    case 'if':
      return compileIf(draft, place, indexed.config);
    case 'switch':
      return compileSwitch(draft, place, indexed.config);
    case 'loop':
      return compileLoop(draft, place, indexed.config);
    case 'for_each':
      return compileForEach(draft, place, indexed.config);
    case 'window':
      return compileWindow(draft, place, indexed.config, targets[0]);
    case 'partition':
      return compilePartition(draft, place, indexed.config);
    case 'timeout':
      return compileTimeout(draft, place, indexed.config);
    case 'rate_limit':
      return compileRateLimit(draft, place, indexed.config);
    case 'error_handler':
      return compileErrorHandler(draft, place, indexed.config);
    case 'join':
      return compileJoin(draft, place, indexed.config);
    case 'merge':
      return compileMerge(draft, place, indexed.config);
    case 'zip':
      return compileZip(draft, place, indexed.config);
    case 'await':
      return compileAwait(draft, place, indexed.config, targets);
  }
}

/** A document that nobody has validated may have any kind. */
function checkKinds(draft: PlanDraft): void {
  for (const [position, { id, kind }] of draft.ir.control_surfaces.entries()) {
    if ((SURFACE_KINDS as readonly string[]).includes(kind)) continue;
    const place = pointerTo({ id, kind, position });
    const unknown = diagnostic.CTRL901({ kind, surface: id, host: 'the executor' }, place);
    throw new DiagnosticError([unknown]);
  }
}

function malformed(place: SurfacePlace, { problems }: IndexedSurface): DiagnosticError {
  const problem = problems.map(({ reason }) => reason).join('; ');
  const surface = place.id;
  const at = pointerTo(place);
  switch (place.kind) {
    case 'switch':
      return new DiagnosticError([diagnostic.CTRL110({ surface, problem }, at)]);
    case 'if':
      return new DiagnosticError([diagnostic.CTRL120({ surface, problem }, at)]);
    case 'rate_limit':
      return new DiagnosticError([diagnostic.CTRL140({ surface, problem }, at)]);
    case 'window':
      return new DiagnosticError([diagnostic.CTRL141({ surface, problem }, at)]);
    case 'loop':
      return new DiagnosticError([diagnostic.CTRL142({ surface, problem }, at)]);
    case 'await':
      return new DiagnosticError([diagnostic.CTRL143({ surface, problem }, at)]);
    case 'join':
    case 'merge':
    case 'zip':
      return new DiagnosticError([diagnostic.CTRL144({ surface, problem }, at)]);
    case 'error_handler':
      return new DiagnosticError([diagnostic.CTRL145({ surface, problem }, at)]);
    case 'timeout':
      return new DiagnosticError([diagnostic.CTRL146({ surface, problem }, at)]);
    case 'for_each':
      return new DiagnosticError([diagnostic.CTRL147({ surface, problem }, at)]);
    case 'partition':
      return new DiagnosticError([diagnostic.CTRL130({ kind: place.kind, surface, problem }, at)]);
  }
}
