// Picks who draws up a layout. ELK gives the better picture, but its time grows fast (a minute for
// 1,000 nodes was measured), so larger graphs, and those that ELK is too slow for, get our own.
import { elkLayout } from './elk-layout.js';
import type { GraphLayout, LayoutInput } from './graph-layout.js';

declare const LAYOUT_WORKER: string;
declare const ELK_WORKER: string;

/** Most nodes and edges together that ELK is asked for. */
export const MAX_ELK_PARTS = 300;

export async function computeLayout(input: LayoutInput, signal: AbortSignal): Promise<GraphLayout> {
  if (input.nodes === 0) return { width: 0, height: 0, nodes: [], edges: [], labels: [] };
  if (input.nodes + input.edges.length <= MAX_ELK_PARTS) {
    try {
      return await elkLayout(new URL(ELK_WORKER, document.baseURI), input);
    } catch {
      // Our own layout draws everything.
    }
  }
  return layoutInWorker(input, signal);
}

function layoutInWorker(input: LayoutInput, signal: AbortSignal): Promise<GraphLayout> {
  const worker = new Worker(new URL(LAYOUT_WORKER, document.baseURI));
  return new Promise((resolve, reject) => {
    const end = () => worker.terminate();
    signal.addEventListener('abort', end, { once: true });
    worker.onmessage = ({ data }: MessageEvent<GraphLayout>) => {
      end();
      resolve(data);
    };
    worker.onerror = () => {
      end();
      reject(new Error('The layout could not be computed.'));
    };
    worker.postMessage(input);
  });
}
