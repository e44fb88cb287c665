// What the host knows about a run, and the observer cannot see.

export interface RunFacts {
  readonly trigger?: string | undefined;
  readonly labels?: Readonly<Record<string, string>>;
  /** Such as "http" or "viewer". */
  readonly source?: string;
  /** False where no other run has had its id. */
  readonly hasGivenId?: boolean;
}

/** A run that is about to start. */
export interface AnnouncedRun extends RunFacts {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

const MAX_LABELS = 32;
const MAX_LABEL_LENGTH = 256;
/** Bytes of memory of a label beside its texts. */
const LABEL_BYTES = 16;

/** The labels, where there are few and short ones; else as many as may be kept. */
export function boundedLabels(
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  let count = 0;
  let isSmall = true;
  for (const key in labels) {
    count += 1;
    if (key.length > MAX_LABEL_LENGTH || labels[key]!.length > MAX_LABEL_LENGTH) isSmall = false;
  }
  if (isSmall && count <= MAX_LABELS) return labels;
  const kept = Object.entries(labels).slice(0, MAX_LABELS);
  const cut = (text: string) =>
    text.length > MAX_LABEL_LENGTH ? `${text.slice(0, MAX_LABEL_LENGTH)}...` : text;
  return Object.fromEntries(kept.map(([key, text]) => [cut(key), cut(text)]));
}

/** About the bytes of memory that they take. */
export function labelBytes(labels: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const key in labels) bytes += key.length + labels[key]!.length + LABEL_BYTES;
  return bytes;
}
