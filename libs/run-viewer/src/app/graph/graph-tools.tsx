// The buttons and the legend of a graph.

export interface GraphToolsProps {
  readonly isRun: boolean;
  onZoom(factor: number): void;
  onFit(): void;
}

export function GraphTools({ isRun, onZoom, onFit }: GraphToolsProps) {
  return (
    <>
      <div class="graph-tools" role="group" aria-label="Zoom">
        <button type="button" class="icon-button" aria-label="Zoom in" onClick={() => onZoom(1.25)}>
          +
        </button>
        <button type="button" class="icon-button" aria-label="Zoom out" onClick={() => onZoom(0.8)}>
          {'\u2212'}
        </button>
        <button type="button" class="icon-button wide" onClick={onFit}>
          Fit
        </button>
      </div>
      <details class="graph-legend">
        <summary>Legend</summary>
        <p>Drag to move; Ctrl and wheel, or the keys + and -, to zoom.</p>
        <ul>
          <li>
            <Sample shape="M8 1H28A7 7 0 0 1 28 15H8A7 7 0 0 1 8 1Z" /> trigger
          </li>
          <li>
            <Sample shape="M1 1H35V15H1Z" /> inline
          </li>
          <li>
            <Sample shape="M5 1H31L35 5V11L31 15H5L1 11V5Z" /> activity
          </li>
          <li>
            <Sample shape="M1 1H35V15H1ZM4 4H32V12H4Z" /> subflow
          </li>
          <li>
            <Dot effects="pure" /> pure
          </li>
          <li>
            <Dot effects="read_only" /> read only
          </li>
          <li>
            <Dot effects="effectful" /> effectful
          </li>
          <li>
            <Line delivery="at_least_once" /> at least once
          </li>
          <li>
            <Line delivery="at_most_once" /> at most once
          </li>
          <li>
            <Line delivery="exactly_once" /> exactly once
          </li>
          {isRun && <li>Numbers on lines count messages.</li>}
        </ul>
      </details>
    </>
  );
}

function Sample({ shape }: { shape: string }) {
  return (
    <svg class="legend-sample" width="36" height="16" viewBox="0 0 36 16" aria-hidden="true">
      <path d={shape} />
    </svg>
  );
}

function Dot({ effects }: { effects: string }) {
  return (
    <svg
      class={`legend-sample effects-${effects}`}
      width="36"
      height="16"
      viewBox="0 0 36 16"
      aria-hidden="true"
    >
      <circle class="effects-mark" cx="18" cy="8" r="5" />
    </svg>
  );
}

function Line({ delivery }: { delivery: string }) {
  return (
    <svg
      class={`legend-sample edge delivery-${delivery}`}
      width="36"
      height="16"
      viewBox="0 0 36 16"
      aria-hidden="true"
    >
      <path class="edge-line" d="M1 8H35" />
    </svg>
  );
}
