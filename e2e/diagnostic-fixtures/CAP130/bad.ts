import { openCapabilities } from '@basalt/capabilities';

export const act = async () => {
  // No server listens on the port of tcpmux.
  const opened = await openCapabilities(['kv=redis:redis://127.0.0.1:1'], 'greet');
  await opened.close();
};
