// The outline of a node, by its kind, so that kinds are told apart without colour: triggers are pills,
// inline code is a plain box, activities have cut corners, and subflows are a box on a box.

export const NODE_WIDTH = 192;
export const NODE_HEIGHT = 72;

const CUT = 12;

/** The path of the outline with its upper left corner at 0, 0; `inset` makes it smaller all around. */
export function outline(kind: string, inset = 0): string {
  const [x, y] = [inset, inset];
  const [right, bottom] = [NODE_WIDTH - inset, NODE_HEIGHT - inset];
  switch (kind) {
    case 'trigger': {
      const radius = (bottom - y) / 2;
      return `M${x + radius} ${y}H${right - radius}A${radius} ${radius} 0 0 1 ${right - radius} ${bottom}H${x + radius}A${radius} ${radius} 0 0 1 ${x + radius} ${y}Z`;
    }
    case 'activity':
      return `M${x + CUT} ${y}H${right - CUT}L${right} ${y + CUT}V${bottom - CUT}L${right - CUT} ${bottom}H${x + CUT}L${x} ${bottom - CUT}V${y + CUT}Z`;
    default:
      return `M${x} ${y}H${right}V${bottom}H${x}Z`;
  }
}

/** How far text is from the left border. */
export function textLeft(kind: string): number {
  return kind === 'trigger' ? 28 : 20;
}

/** Cut to about so many pixels at 6.9 a character. */
export function fitText(text: string, pixels: number, perCharacter = 6.9): string {
  const most = Math.max(1, Math.floor(pixels / perCharacter));
  return text.length <= most ? text : `${text.slice(0, most - 1)}\u2026`;
}
