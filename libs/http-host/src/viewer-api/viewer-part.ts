// The run viewer as a part of the host: remembers runs, serves the pages and their API.
import { viewerDirectory } from '@basalt/run-viewer';
import type { HostContext, HostPart } from '../host-part.js';
import { FlowCatalogue } from './flow-catalogue.js';
import { RunStore } from './run-store.js';
import { servePages } from './static-pages.js';
import { answerViewerErrors } from './viewer-errors.js';
import { viewerRoutes } from './viewer-routes.js';
import { ViewerService } from './viewer-service.js';

const DEFAULT_MAX_WATCHERS = 1000;

/** The viewer at `/_flows/`, where the host is given options for it. */
export const viewerPart: HostPart = {
  name: 'run-viewer',
  reserves: ['/_flows/'],
  async install({ app, flows, options, runs }: HostContext) {
    const { viewer } = options;
    if (viewer === undefined) return;
    const store = new RunStore(viewer);
    runs.onRun((entry) => {
      store.announce(entry.id, entry);
      return store;
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
