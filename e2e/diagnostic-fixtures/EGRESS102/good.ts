import { httpRead } from '@basalt/capabilities';
import { withServer } from '../../src/with-server.js';

export const act = () =>
  withServer(
    (_, response) => response.end('4.5'),
    async (url) => {
      const client = httpRead({ allowPrivate: true, allow: ['127.0.0.1:*', '127.0.0.1'] });
      try {
        await client.send({ method: 'GET', url });
      } finally {
        await client.close();
      }
    },
  );
