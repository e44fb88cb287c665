// Panning and zooming by pointer, wheel and touch.
import { useCallback, useEffect, useRef, useState, type MutableRef } from 'preact/hooks';
import { zoomAt, type Size, type Viewport } from './viewport.js';

export interface ViewportControl {
  readonly view: Viewport;
  readonly screen: Size;
  /** True once somebody moved the drawing: from then on it stays where it was put. */
  readonly isMoved: MutableRef<boolean>;
  setView(change: Viewport | ((view: Viewport) => Viewport)): void;
  /** Shows a part, and stays with it. */
  show(view: Viewport): void;
  /** Zooms at the middle of the screen. */
  zoom(factor: number): void;
}

/** A pointer that moved less than this was a click, in pixels. */
const CLICK_SLACK = 4;

export function useViewport(frame: MutableRef<HTMLElement | null>): ViewportControl {
  const [view, setView] = useState<Viewport>({ x: 0, y: 0, scale: 1 });
  const [screen, setScreen] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = () => setScreen({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  const isMoved = useRef(false);
  const move = useCallback((change: (view: Viewport) => Viewport) => {
    isMoved.current = true;
    setView(change);
  }, []);
  useGestures(frame, move);
  const zoom = useCallback(
    (factor: number) => move((now) => zoomAt(now, factor, screen.width / 2, screen.height / 2)),
    [screen, move],
  );
  const show = useCallback((next: Viewport) => move(() => next), [move]);
  return { view, screen, isMoved, setView, show, zoom };
}

function useGestures(
  frame: MutableRef<HTMLElement | null>,
  setView: (change: (view: Viewport) => Viewport) => void,
): void {
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const held = pointers.current;
    let moved = 0;
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      if (held.size === 0) moved = 0;
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    };
    const onMove = (event: PointerEvent) => {
      const last = held.get(event.pointerId);
      if (last === undefined) return;
      const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
      moved += Math.hypot(dx, dy);
      if (moved < CLICK_SLACK) return;
      // Only now is it no click: a captured pointer would not reach the node under it.
      element.setPointerCapture(event.pointerId);
      element.classList.add('is-panning');
      const others = [...held].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      setView(pinchOrPan(element, last, { x: event.clientX, y: event.clientY }, others[0]));
    };
    const onUp = (event: PointerEvent) => {
      held.delete(event.pointerId);
      if (held.size === 0) element.classList.remove('is-panning');
    };
    const onClick = (event: MouseEvent) => {
      // What ended a movement is no click on a node.
      if (moved >= CLICK_SLACK) event.stopPropagation();
    };
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0025));
      setView((now) => zoomAt(now, factor, event.clientX - left, event.clientY - top));
    };
    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onUp);
    element.addEventListener('click', onClick, { capture: true });
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onUp);
      element.removeEventListener('click', onClick, { capture: true });
      element.removeEventListener('wheel', onWheel);
    };
  }, [frame, setView]);
}

interface At {
  readonly x: number;
  readonly y: number;
}

/** One finger pans; two zoom around the one that stays. */
function pinchOrPan(element: HTMLElement, from: At, to: At, other: At | undefined) {
  return (view: Viewport): Viewport => {
    if (other === undefined)
      return { ...view, x: view.x + to.x - from.x, y: view.y + to.y - from.y };
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    if (before < 10 || after < 10) return view;
    const { left, top } = element.getBoundingClientRect();
    return zoomAt(view, after / before, other.x - left, other.y - top);
  };
}
