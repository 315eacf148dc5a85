// What one node of a tree shows, as plain data without VS Code.
import type { CommandId, ContextValue } from '../../contributions.js';

/** A theme colour of VS Code; it only ever repeats what icon and words say. */
export type RowColor = 'list.warningForeground' | 'list.errorForeground' | 'charts.green' | 'charts.blue' | 'disabledForeground';

export interface TooltipLink {
  readonly text: string;
  readonly command: CommandId;
}

export interface Row {
  readonly label: string;
  readonly description: string;
  /** Name of a codicon. */
  readonly icon: string;
  readonly color?: RowColor;
  /** Lines in plain text, the first one a title; names in them come from clusters and are escaped when drawn. */
  readonly tooltip: readonly string[];
  /** Commands on this node, shown below the tooltip. */
  readonly links: readonly TooltipLink[];
  readonly contextValue: ContextValue;
  /** What a screen reader says. */
  readonly accessibilityLabel: string;
  readonly state: 'none' | 'collapsed' | 'expanded';
}

/** A row before what follows from the rest of it. */
export type RowParts = Omit<Row, 'accessibilityLabel' | 'state' | 'links'> & Partial<Pick<Row, 'state' | 'links'>>;

export const SEPARATOR = ' · ';

/** Joins the parts that there are. */
export function joinParts(parts: readonly (string | undefined)[]): string {
  return presentParts(parts).join(SEPARATOR);
}

/** The lines of a tooltip that there are. */
export function presentParts(parts: readonly (string | undefined)[]): readonly string[] {
  return parts.filter((part): part is string => part !== undefined && part !== '');
}
