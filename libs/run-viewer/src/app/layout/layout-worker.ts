// The worker that draws up the layout of large graphs, so that the page stays usable meanwhile.
import { fastLayout } from './fast-layout.js';
import type { LayoutInput } from './graph-layout.js';

interface WorkerScope {
  onmessage: ((event: { readonly data: LayoutInput }) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data }) => scope.postMessage(fastLayout(data));
