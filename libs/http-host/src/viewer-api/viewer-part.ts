// The run viewer as a part of the host: remembers runs, serves the pages and their API.
import type { NodeIR } from '@basalt/ir';
import { viewerDirectory } from '@basalt/run-viewer';
import type { HostContext, HostPart } from '../host-part.js';
import type { HubRun } from '../run-hub.js';
import { FlowCatalogue } from './flow-catalogue.js';
import { RunStore } from './run-store.js';
import { servePages } from './static-pages.js';
import { answerViewerErrors } from './viewer-errors.js';
import { viewerRoutes } from './viewer-routes.js';
import { ViewerService } from './viewer-service.js';

const DEFAULT_MAX_WATCHERS = 1000;

const isSubflow = ({ kind }: NodeIR) => kind === 'subflow';

/** Nobody can be waiting for it to show up, and no other run may have had its id. */
function isUnwatched({ source, isStream, hasGivenId }: HubRun): boolean {
  return source === 'http' && isStream === false && hasGivenId === false;
}

/** The viewer at `/_flows/`, where the host is given options for it. */
export const viewerPart: HostPart = {
  name: 'run-viewer',
  reserves: ['/_flows/'],
  async install({ app, flows, options, runs }: HostContext) {
    const { viewer } = options;
    if (viewer === undefined) return;
    const store = new RunStore(viewer);
    const nested = new Set(flows.filter(({ ir }) => ir.nodes.some(isSubflow)));
    runs.onRun((entry) => {
      const isOrdinary = isUnwatched(entry) && !nested.has(entry.flow);
      return store.observerOf(entry, entry.flow.id, isOrdinary);
    });
    const service = new ViewerService(new FlowCatalogue(flows), store, runs);
    await servePages(app, viewer.directory ?? viewerDirectory());
    await app.register(
      async (api) => {
        answerViewerErrors(api);
        viewerRoutes(api, service, viewer.maxWatchers ?? DEFAULT_MAX_WATCHERS);
      },
      { prefix: '/_flows/api' },
    );
  },
};
