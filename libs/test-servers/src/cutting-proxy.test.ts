// The proxy against a real server that counts what reaches it.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.js';

const received: string[] = [];
const upstream = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    received.push(data.toString());
    socket.write(`answer to ${data.toString()}`);
  });
});
let proxy: CuttingProxy;
let client: Socket;

beforeEach(async () => {
  received.length = 0;
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  proxy = await startCuttingProxy((upstream.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1');
  await once(client, 'connect');
});

afterEach(async () => {
  client.destroy();
  await proxy.close();
  upstream.close();
  await once(upstream, 'close');
});

it('passes on what it is not told to lose', async () => {
  client.write('one');
  expect(String((await once(client, 'data'))[0])).toBe('answer to one');
  expect(received).toEqual(['one']);
});

it('loses a request before the server sees it', async () => {
  const cut = proxy.cutNext('request', (packet) => packet === 'two');
  client.write('one');
  await once(client, 'data');
  client.write('two');
  await Promise.all([cut, once(client, 'close')]);
  expect(received).toEqual(['one']);
});

it('loses the answer to a request that was carried out', async () => {
  const answers: string[] = [];
  client.on('data', (data) => answers.push(data.toString()));
  const cut = proxy.cutNext('answer');
  client.write('one');
  await Promise.all([cut, once(client, 'close')]);
  expect([received, answers]).toEqual([['one'], []]);
});

it('severs all connections and refuses new ones until it is restored', async () => {
  proxy.sever();
  await once(client, 'close');
  const refused = connect(proxy.port, '127.0.0.1');
  await once(refused, 'close');
  proxy.restore();
  client = connect(proxy.port, '127.0.0.1');
  client.write('again');
  expect(String((await once(client, 'data'))[0])).toBe('answer to again');
});
