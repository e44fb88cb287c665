import { openCapabilities } from '@basalt/capabilities';

export const act = async () => {
  const opened = await openCapabilities(['kv=memory'], 'greet');
  await opened.close();
};
