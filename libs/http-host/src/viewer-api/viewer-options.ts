// What whoever starts a host may set about its run viewer.
import type { RunStoreOptions } from './run-store.js';

export interface ViewerOptions extends Omit<RunStoreOptions, 'now'> {
  /** Folder of the built pages; that of @basalt/run-viewer when absent. */
  readonly directory?: string;
  /** Most pages that may watch runs at once; 1000 when absent. */
  readonly maxWatchers?: number;
}
