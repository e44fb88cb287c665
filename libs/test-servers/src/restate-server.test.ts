// A Restate server that is started, killed, started again and removed.
import { existsSync } from 'node:fs';
import { startRestateServer } from './restate-server.js';

it('serves on ports of its own, also after a kill', async () => {
  const restate = await startRestateServer();
  try {
    const version = async () => (await fetch(`${restate.adminUrl}/version`)).status;
    expect(await version()).toBe(200);
    const { pid } = restate;
    await restate.kill();
    await restate.start();
    expect(restate.pid).not.toBe(pid);
    expect(await version()).toBe(200);
  } finally {
    await restate.stop();
  }
  expect(existsSync(restate.folder)).toBe(false);
});
