// The virtio devices that a boot case may give its guest, and their other ends on this side.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeImage } from './write-image.mjs';

const SECTOR_BYTES = 512;
const SECTORS = 64;

/** A disk whose sectors hold their numbers. */
function disk(folder) {
  const file = join(folder, 'disk');
  const sectors = Array.from({ length: SECTORS }, (_, number) =>
    Buffer.alloc(SECTOR_BYTES, number),
  );
  writeFileSync(file, Buffer.concat(sectors));
  const drive = `if=none,id=disk,format=raw,file=${file}`;
  return { args: ['-drive', drive, '-device', 'virtio-blk-device,drive=disk'] };
}

/** A disk with an image of files. */
function files(folder) {
  const file = join(folder, 'image');
  writeFileSync(
    file,
    writeImage({
      'main.py': Buffer.from('print("hello")\n'),
      'lib/long.txt': Buffer.from('0123456789abcdef'.repeat(1000)),
      'lib/empty': Buffer.alloc(0),
    }),
  );
  const drive = `if=none,id=disk,format=raw,readonly=on,file=${file}`;
  return { args: ['-drive', drive, '-device', 'virtio-blk-device,drive=disk'] };
}

/** A console whose other end says what it hears. */
function echo(folder) {
  const path = join(folder, 'console');
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  const ready = new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  const args = ['-chardev', `socket,id=console,path=${path}`];
  args.push('-device', 'virtio-serial-device', '-device', 'virtconsole,chardev=console');
  return { args, ready, close };
}

/** A network whose gateway serves the file `greeting` by TFTP. */
function network(folder) {
  const served = join(folder, 'served');
  mkdirSync(served);
  writeFileSync(join(served, 'greeting'), 'hello from the other side\n');
  const netdev = `user,id=net,tftp=${served}`;
  return { args: ['-netdev', netdev, '-device', 'virtio-net-device,netdev=net'] };
}

/** By name: what QEMU is told, `ready` before it starts, `close` behind it. */
export const DEVICES = {
  entropy: () => ({ args: ['-device', 'virtio-rng-device'] }),
  block: disk,
  files,
  console: echo,
  network,
};

/** The devices of a case, their files in a folder. `close` ends what is on this side. */
export async function attachDevices(names, folder) {
  const devices = names.map((name) => DEVICES[name](folder));
  await Promise.all(devices.map(({ ready }) => ready));
  return {
    args: devices.flatMap(({ args }) => args),
    close: () => devices.forEach(({ close }) => close?.()),
  };
}
