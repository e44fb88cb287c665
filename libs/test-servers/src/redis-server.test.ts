// A redis-server that is started, killed, started again and removed.
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { startRedisServer } from './redis-server.js';

async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${command}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

it('keeps its data over a kill where it appends every command', async () => {
  const redis = await startRedisServer({
    args: ['--appendonly', 'yes', '--appendfsync', 'always'],
  });
  try {
    expect(await ask(redis.port, 'SET a 1')).toBe('+OK\r\n');
    const { pid } = redis;
    await redis.kill();
    await redis.start();
    expect(redis.pid).not.toBe(pid);
    expect(await ask(redis.port, 'GET a')).toBe('$1\r\n1\r\n');
  } finally {
    await redis.stop();
  }
  expect(existsSync(redis.folder)).toBe(false);
});

it('starts empty again where it keeps nothing', async () => {
  const redis = await startRedisServer();
  try {
    await ask(redis.port, 'SET a 1');
    await redis.kill('SIGTERM');
    await redis.start();
    expect(await ask(redis.port, 'GET a')).toBe('$-1\r\n');
  } finally {
    await redis.stop();
  }
});
