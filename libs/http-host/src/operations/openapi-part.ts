// Serves the OpenAPI description of the host. It is written once: flows do not change while it runs.
import type { HostContext, HostPart } from '../host-part.js';
import type { HttpRoute } from '../hosted-flow.js';
import { openApiDocument } from './openapi-document.js';

/** GET /_flows/openapi.json, open to whoever has a token. */
export const openApiPart: HostPart = {
  name: 'openapi',
  reserves: ['/_flows/'],
  install({ app, flows, options }: HostContext) {
    const { title, version } = options.operations ?? {};
    const { tokenFile, webhooks = [] } = options.security ?? {};
    const flowOf = new Map(flows.flatMap(({ name, routes }) => routes.map((r) => [r, name])));
    const signatureHeader = (route: HttpRoute) =>
      webhooks.find(
        ({ flow, trigger = route.trigger.alias }) =>
          flow === flowOf.get(route) && trigger === route.trigger.alias,
      )?.header;
    const document = openApiDocument(flows, {
      ...(title === undefined ? {} : { title }),
      ...(version === undefined ? {} : { version }),
      ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
      bearer: tokenFile !== undefined,
      signatureHeader,
    });
    const text = JSON.stringify(document);
    app.get(
      '/_flows/openapi.json',
      { config: { access: { kind: 'token' } } },
      (_request, reply) => {
        reply.type('application/json; charset=utf-8').send(text);
      },
    );
  },
};
