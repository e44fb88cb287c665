import { httpRead } from '@basalt/capabilities';
import { withServer } from '../../src/with-server.js';

export const act = () =>
  withServer(
    (request, response) => {
      if (request.url === '/today') response.end('4.5');
      else response.writeHead(302, { location: '/today' }).end();
    },
    async (url) => {
      const client = httpRead({ allowPrivate: true, maxRedirects: 1 });
      try {
        await client.send({ method: 'GET', url });
      } finally {
        await client.close();
      }
    },
  );
