import { openCapabilities } from '@basalt/capabilities';

export const act = async () => {
  const binds = ['kv=redis:redis://127.0.0.1:6379,password=REDIS_PASSWORD'];
  const opened = await openCapabilities(binds, 'greet', { environment: {} });
  await opened.close();
};
