import { httpRead } from '@basalt/capabilities';
import { withServer } from '../../src/with-server.js';

export const act = () =>
  withServer(
    () => undefined,
    async (url) => {
      const client = httpRead({ allowPrivate: true, timeoutMs: 50 });
      try {
        await client.send({ method: 'GET', url });
      } finally {
        await client.close();
      }
    },
  );
