// What happened in a run, in order.
import { useEffect, useRef, useState } from 'preact/hooks';
import { durationText } from '../duration-text.js';
import type { RunModel } from '../run-model.js';

export interface TimelineProps {
  readonly model: RunModel;
  onSelect(alias: string): void;
}

/** Events that are shown at first. */
const FEW = 40;

export function Timeline({ model, onSelect }: TimelineProps) {
  const { events, eventsOmitted } = model;
  const [isAll, setAll] = useState(false);
  const shown = isAll ? events : events.slice(-FEW);
  const hidden = events.length - shown.length;
  // The gap lies before the first event whose number does not follow on the one before.
  const gapAt = shown.findIndex(({ index }, i) => i > 0 && index !== shown[i - 1]!.index + 1);
  const list = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  const lastTop = useRef(0);
  useEffect(() => {
    // Whoever looks at the end goes on seeing the end.
    const element = list.current;
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [events]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = list.current!;
    // Only scrolling back leaves the end: what is added below does not.
    if (scrollTop < lastTop.current - 1) isAtEnd.current = false;
    if (scrollTop + clientHeight >= scrollHeight - 24) isAtEnd.current = true;
    lastTop.current = scrollTop;
  };
  return (
    <section class="panel" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      {hidden > 0 && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          Show {hidden} earlier events
        </button>
      )}
      <ol class="timeline" ref={list} onScroll={onScroll} tabIndex={0} aria-labelledby="timeline">
        {shown.map((event, i) => (
          <li key={event.index} class={`event event-${event.kind.replaceAll(' ', '-')}`}>
            <span class="event-at">{durationText(event.at_ms)}</span>
            <span class="event-what">
              {i === gapAt && (
                <span class="hint">{eventsOmitted} events before this are not kept. </span>
              )}
              <span class="event-kind">{event.kind}</span>{' '}
              {event.node !== null && (
                <button type="button" class="link" onClick={() => onSelect(event.node!)}>
                  {event.node}
                </button>
              )}{' '}
              {event.text !== null && (
                <span class="event-text">{event.text.replaceAll('_', ' ')}</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
