// How the outputs of an execution look on the wire. A frame stands for itself: it holds all that a
// reader needs, so that kept frames can be sent again as they are.
import type { Value } from '@basalt/ir';
import type { BytesPlace } from '../bytes/bytes-place.js';
import { showBytes } from '../bytes/bytes-text.js';
import type { ErrorEnvelope } from '../failure-answer.js';

/** What is written at once. */
export type Frame = string | Uint8Array;

/** Which frame of which execution: `seq` counts from 1. */
export interface FramePlace {
  readonly runId: string;
  readonly seq: number;
}

export interface StreamFraming {
  /** Whether values with bytes are written as they are. */
  readonly carriesBytes?: boolean;
  /** Content type of the stream. */
  readonly type: string;
  /** Written to each reader before anything else. */
  readonly opening?: Frame;
  /** Written now and then while there is nothing to say. */
  readonly idle?: Frame;
  item(place: FramePlace, value: Value): Frame;
  /** The execution has completed; undefined where the end of the connection says it. */
  end(place: FramePlace): Frame | undefined;
  failure(place: FramePlace, envelope: ErrorEnvelope): Frame;
}

/** The same framing, in which bytes at these places are base64 text where it cannot carry them. */
export function bytesAsText(framing: StreamFraming, place: BytesPlace): StreamFraming {
  if (framing.carriesBytes === true) return framing;
  return { ...framing, item: (at, value) => framing.item(at, showBytes(place, value)) };
}
