// Reads a workspace.lcp.toml.
import type { Diagnostic, Location } from '@basalt/diagnostics';
import type { SourcePath } from '@basalt/source-text';
import { checkSource, type SourceKind } from '../descriptors/checked-source.js';
import { WORKSPACE_SCHEMA } from './workspace-schema.js';

export interface Workspace {
  readonly workspace: {
    /** Folders of packages. */
    readonly packages?: readonly string[];
    readonly scopeAliases?: Readonly<Record<string, string>>;
    /** Components outside of packages: the old way. */
    readonly components?: readonly { readonly id: string; readonly path: string }[];
  };
}

export interface ReadWorkspace {
  /** Undefined where there are errors. */
  readonly workspace: Workspace | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly at: (path: SourcePath) => Location;
}

const WORKSPACE: SourceKind = {
  name: 'The workspace',
  schema: WORKSPACE_SCHEMA,
  syntax: 'toml',
};

/** Never throws. */
export async function readWorkspace(text: string, file: string): Promise<ReadWorkspace> {
  const source = await checkSource(text, file, WORKSPACE);
  return { ...source, workspace: source.value as Workspace | undefined };
}
