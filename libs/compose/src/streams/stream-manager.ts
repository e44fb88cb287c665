// Streams of an execution. A handle is a value that steps pass on; the bytes stay here and are taken from
// their source only when somebody reads, so that a slow reader slows the source.
import { diagnostic } from '@basalt/diagnostics';
import type { Value } from '@basalt/ir';
import { isMap } from '../document/plain-values.js';
import { ComposeError } from '../run/compose-error.js';
import type { State } from '../run/state.js';

export interface StreamSource {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How readers decode where they do not say it themselves. */
  readonly encoding?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly metadata?: State | undefined;
}

export interface ReadOptions {
  /** Most bytes of a chunk; all that is left where it is absent. */
  readonly maxBytes?: number | undefined;
  /** Keeps characters of UTF-8 whole: a chunk ends before one that does not fit, unless it is the first. */
  readonly wholeCharacters?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Most bytes that one read holds: 64 MiB. */
const MAX_CHUNK = 64 * 1024 * 1024;

export class StreamManager {
  private readonly streams = new Map<string, OpenStream>();
  private opened = 0;

  /** The handle of a new stream. */
  open(source: StreamSource): State {
    this.opened += 1;
    const id = `stream-${this.opened}`;
    this.streams.set(id, new OpenStream(source.chunks[Symbol.asyncIterator]()));
    return {
      id,
      encoding: source.encoding ?? 'utf-8',
      ...(source.mediaType === undefined ? {} : { mediaType: source.mediaType }),
      storage: { kind: 'stream' },
      metadata: source.metadata ?? {},
    };
  }

  /** The next bytes and their number in order; undefined at the end. A read that runs out of time loses
   * nothing: the next one gets what it waited for. */
  async read(
    handle: Value,
    options: ReadOptions = {},
  ): Promise<{ readonly bytes: Uint8Array; readonly seq: number } | undefined> {
    const stream = this.find(handle);
    const bytes = await stream.take(options);
    if (bytes === undefined) return undefined;
    stream.seq += 1;
    return { bytes, seq: stream.seq - 1 };
  }

  /** All chunks that are left. */
  async *chunks(handle: Value): AsyncGenerator<Uint8Array> {
    const stream = this.find(handle);
    for (;;) {
      const chunk = await stream.next();
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  /** Frees the stream; false where it is not open. */
  async close(handle: Value): Promise<boolean> {
    const id = idOf(handle);
    const stream = id === undefined ? undefined : this.streams.get(id);
    if (id === undefined || stream === undefined) return false;
    this.streams.delete(id);
    await stream.close();
    return true;
  }

  async closeAll(): Promise<void> {
    const open = [...this.streams.values()];
    this.streams.clear();
    await Promise.all(open.map((stream) => stream.close()));
  }

  private find(handle: Value): OpenStream {
    const id = idOf(handle);
    const stream = id === undefined ? undefined : this.streams.get(id);
    if (stream !== undefined) return stream;
    const shown = id === undefined ? 'without an id' : JSON.stringify(id);
    throw ComposeError.of(diagnostic.COMP115({ handle: shown }));
  }
}

function idOf(handle: Value): string | undefined {
  const id = isMap(handle) ? handle['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

class OpenStream {
  seq = 0;
  /** What was taken from the source and not yet read. */
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private pending: Promise<boolean> | undefined;
  private ended = false;

  constructor(private readonly source: AsyncIterator<Uint8Array>) {}

  /** A chunk as it comes. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.heldBytes === 0 && !(await this.pull())) return undefined;
    return this.cut(this.heldBytes);
  }

  async take(options: ReadOptions): Promise<Uint8Array | undefined> {
    const { maxBytes = Number.POSITIVE_INFINITY, wholeCharacters = false } = options;
    const deadline =
      options.timeoutMs === undefined ? undefined : performance.now() + options.timeoutMs;
    while (this.heldBytes < maxBytes && (await this.pullWithin(options, deadline))) {
      if (this.heldBytes > MAX_CHUNK && maxBytes === Number.POSITIVE_INFINITY) {
        throw ComposeError.of(
          diagnostic.COMP114({ what: 'The rest of the stream', most: MAX_CHUNK }),
        );
      }
    }
    if (this.heldBytes === 0) return undefined;
    let size = Math.min(maxBytes, this.heldBytes);
    const isRest = this.ended && size === this.heldBytes;
    if (wholeCharacters && !isRest) {
      size = characterEnd(this.joined(), size);
      while (size > this.heldBytes && (await this.pullWithin(options, deadline)));
      size = Math.min(size, this.heldBytes);
    }
    return this.cut(size);
  }

  async close(): Promise<void> {
    this.ended = true;
    this.held = [];
    this.heldBytes = 0;
    // A source that waits for its next chunk is told to end, and not waited for.
    const closing = Promise.resolve(this.source.return?.()).then(
      () => undefined,
      () => undefined,
    );
    if (this.pending === undefined) await closing;
    else this.pending.catch(() => undefined);
  }

  /** Takes one more chunk from the source; false at its end. Readers that gave up leave it to the next. */
  private pull(): Promise<boolean> {
    this.pending ??= this.pullOnce().finally(() => {
      this.pending = undefined;
    });
    return this.pending;
  }

  private async pullOnce(): Promise<boolean> {
    while (!this.ended) {
      const result = await this.source.next();
      if (result.done === true) {
        this.ended = true;
      } else if (result.value.byteLength > 0) {
        this.held.push(result.value);
        this.heldBytes += result.value.byteLength;
        return true;
      }
    }
    return false;
  }

  private async pullWithin(options: ReadOptions, deadline: number | undefined): Promise<boolean> {
    const { signal, timeoutMs } = options;
    signal?.throwIfAborted();
    if (deadline === undefined && signal === undefined) return this.pull();
    let timer: NodeJS.Timeout | undefined;
    let abort: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      abort = () => reject(signal!.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
      if (deadline === undefined) return;
      const finding = diagnostic.COMP109({ what: 'Reading the stream', ms: timeoutMs! });
      const left = Math.max(0, deadline - performance.now());
      timer = setTimeout(() => reject(ComposeError.of(finding)), left);
    });
    try {
      return await Promise.race([this.pull(), stopped]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort!);
    }
  }

  private joined(): Uint8Array {
    if (this.held.length > 1) this.held = [new Uint8Array(Buffer.concat(this.held))];
    return this.held[0]!;
  }

  private cut(size: number): Uint8Array {
    const bytes = this.joined();
    const rest = bytes.subarray(size);
    this.held = rest.byteLength === 0 ? [] : [rest];
    this.heldBytes = rest.byteLength;
    return bytes.subarray(0, size);
  }
}

/** The end of the last whole UTF-8 character up to `limit`; of the first one where none ends there. Bytes that
 * are no UTF-8 are cut anywhere. */
function characterEnd(bytes: Uint8Array, limit: number): number {
  let start = limit - 1;
  while (start > 0 && limit - start < 4 && isContinuation(bytes[start]!)) start -= 1;
  const length = characterLength(bytes[start]!);
  if (isContinuation(bytes[start]!) || start + length <= limit) return limit;
  return start > 0 ? start : length;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function characterLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
