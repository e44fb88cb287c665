// What a layout is given and gives: boxes and lines in one plane, in pixels at a scale of 1.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LayoutInput {
  readonly width: number;
  readonly height: number;
  /** Boxes that are all of the same size, by index. */
  readonly nodes: number;
  /** Indices of boxes, and the size of a label on the line (0: none). */
  readonly edges: readonly LayoutEdge[];
  /** Which way the flow runs. */
  readonly direction: 'right' | 'down';
}

export interface LayoutEdge {
  readonly from: number;
  readonly to: number;
  readonly labelWidth: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Upper left corners. */
  readonly nodes: readonly Point[];
  /** From border to border. */
  readonly edges: readonly (readonly Point[])[];
  /** Middles of labels; undefined where the middle of the line will do. */
  readonly labels: readonly (Point | undefined)[];
}
