// What every part of the page is drawn from, and what every part may ask for.
import type { AnyMessage, SendMessage } from '../../src/shared/messaging.js';
import type { RenderText } from '../../src/shared/text/render.js';
import type { FromTrustPage } from '../../src/shared/trustProtocol.js';
import type { DerivedRows } from './derivedRows.js';
import type { MeshSummary } from './meshSummary.js';
import type { TableItem } from './rowGroups.js';
import type { PageIntents, TrustPageState } from './trustState.js';
import type { ShowMoment } from './validity.js';

/** One moment of the page, complete. */
export interface PageFrame {
  readonly state: TrustPageState;
  readonly rows: DerivedRows;
  /** The lines of the table: the shown rows, under the heads of their groups where they are grouped. */
  readonly items: readonly TableItem[];
  readonly summary: MeshSummary;
  readonly say: RenderText;
  readonly showMoment: ShowMoment;
}

export interface PageActions {
  /** Tells the extension. */
  readonly send: SendMessage<FromTrustPage>;
  /** Changes the page. */
  readonly act: (intent: AnyMessage<PageIntents>) => void;
}

/** A part of the page: its element stays, its contents follow the frames. */
export interface PagePart {
  readonly element: HTMLElement;
  draw(frame: PageFrame): void;
}
