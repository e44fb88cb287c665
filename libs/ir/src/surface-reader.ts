// Reads the configuration of a control surface by its kind: checked, defaults filled in.
import type { Diagnostic } from '@basalt/diagnostics';
import { Findings } from './findings.js';
import type { ControlSurfaceIR, SurfaceKind } from './flow-ir.js';
import { compileReader, type Reader } from './schema-reader.js';
import { SURFACE_CONFIGS } from './surface-configs.js';

const readers = new Map<SurfaceKind, Reader>(
  Object.entries(SURFACE_CONFIGS).map(([kind, schema]) => [
    kind as SurfaceKind,
    compileReader(schema),
  ]),
);

/** The configuration with defaults filled in and nulls dropped, or the findings of its shape, whose
 * pointers start at the surface (`/config/...`). Whether its aliases exist is not checked here. */
export function readSurfaceConfig(surface: ControlSurfaceIR): {
  readonly config: unknown;
  readonly diagnostics: readonly Diagnostic[];
} {
  const findings = new Findings();
  const reading = { findings, path: ['config'], refDepth: 0, maxRefDepth: 0 };
  const config = readers.get(surface.kind)!(surface.config, reading);
  if (findings.empty) return { config, diagnostics: [] };
  return { config: undefined, diagnostics: findings.placed(undefined, undefined) };
}
