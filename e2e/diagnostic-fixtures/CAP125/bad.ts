import { httpRead } from '@basalt/capabilities';
import { withServer } from '../../src/with-server.js';

export const act = () =>
  withServer(
    (request) => request.socket.destroy(),
    async (url) => {
      const client = httpRead({ allowPrivate: true });
      try {
        await client.send({ method: 'GET', url });
      } finally {
        await client.close();
      }
    },
  );
